package dev.thrum.app.compare;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.database.NativeLibrary;
import dev.thrum.engine.Limits;
import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.run.ComparePlan;
import dev.thrum.measure.compare.run.Entrant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The flags of {@code thrum compare}, and what follows from them. Owned by the thread of the command. */
final class CompareFlags {
    /** Idle connections that are opened at the end of each cell. */
    private static final int IDLE = 500;

    /** The order of the arms is the same in repeats, so that it can be looked at. */
    private static final long SEED = 4_711;

    private final int quickRounds;
    private final ComparePlan.Times quickTimes;

    private final Flags compare = new Flags("Compare:");
    final Flag<List<String>> engines = compare.texts(
            "--engines",
            "NAMES",
            "The engines, separated by commas: threads, virtual, events, or events-epoll, events-io_uring and events-nio"
                    + " (default: threads,virtual,events)");
    final Flag<Boolean> quick = compare.on("--quick", "5 rounds, in at most 5 minutes with three engines; the default");
    final Flag<Boolean> full = compare.on("--full", "15 rounds with longer windows");
    final Flag<Goal> goal = compare.value(
            "--slo",
            "GOAL",
            new Goal(Figure.LATENCY_P99, 50),
            CompareFlags::goal,
            "The latency within which the highest rates are looked for (default: p99=50ms)");
    final Flag<Integer> connections = compare.number("--connections", 64, 1, 5_000, "Connections of the generator");
    final Flag<Integer> workers = compare.number("--max-threads", 200, 1, 10_000, "Worker threads of engine threads");
    final Flag<Integer> port = compare.value(
            "--server-port", "PORT", 0, PortChoice::parseNumber, "The port of the servers (default: 0, free ones)");
    final Flag<Boolean> classic = compare.on("--classic", "Also run the five tasks of workload classic");
    final Flag<Double> scale = compare.value(
            "--scale", "N", 1.0, CompareFlags::scale, "What the times of the five tasks are multiplied by");

    private final Flags own = new Flags("Your own handler:");
    final Flag<@Nullable String> handler = own.text(
            "--handler",
            "CLASS",
            "An HttpHandler, LineHandler, LineConversation or ConnectionHandler, with a constructor without parameters");
    final Flag<List<String>> jars = own.each("--jar", "FILE", text -> text, "A file with its classes; may be repeated");
    final Flag<@Nullable String> path = own.text("--path", "PATH", "What is asked of an HTTP handler (default: /)");
    final Flag<List<String>> send = own.texts(
            "--send", "LINE", "Lines to send to another handler, separated by commas; each has one line as reply");

    private final Flags output = new Flags("Output:");
    final Flag<@Nullable String> html = output.text("--html", "FILE", "Also write the report as a web page");
    final Flag<Boolean> markdown = output.on("--markdown", "Print Markdown in place of the text");
    final Flag<Boolean> json = output.on("--json", "Print a JSON object in place of the text");
    final Flag<@Nullable String> save = output.text(
            "--save",
            "FILE",
            "Where the data is kept, from the first round on (default: compare-WORKLOAD-TIME.json in this folder)");
    final Flag<@Nullable String> baseline =
            output.text("--baseline", "FILE", "Say what is better, the same or worse than in this earlier data");

    /** With these rounds and times of {@code --quick}. */
    CompareFlags(int quickRounds, ComparePlan.Times quickTimes) {
        this.quickRounds = quickRounds;
        this.quickTimes = quickTimes;
    }

    List<Flags> groups() {
        return List.of(compare, own, output);
    }

    private static Goal goal(String text) {
        int sign = text.indexOf('=');
        Figure figure = switch (sign < 0 ? "" : text.substring(0, sign)) {
            case "p50" -> Figure.LATENCY_P50;
            case "p90" -> Figure.LATENCY_P90;
            case "p99" -> Figure.LATENCY_P99;
            case "p99.9" -> Figure.LATENCY_P999;
            default ->
                throw new IllegalArgumentException(
                        "expected p50, p90, p99 or p99.9 with a time, such as p99=50ms, but was \"" + text + "\"");
        };
        return new Goal(
                figure, TimeSpan.positive(text.substring(sign + 1)).duration().toMillis());
    }

    private static Double scale(String text) {
        if (text.matches("\\d{1,2}(\\.\\d{1,4})?")
                && Double.parseDouble(text) >= 0.001
                && Double.parseDouble(text) <= 10) {
            return Double.valueOf(text);
        }
        throw new IllegalArgumentException("expected a number from 0.001 to 10 but was \"" + text + "\"");
    }

    String mode() {
        if (quick.value() && full.value()) {
            throw new IllegalArgumentException("expected --quick or --full but was given both: leave one of them out");
        }
        return full.value() ? "full" : "quick";
    }

    int rounds() {
        return full.value() ? ComparePlan.FULL_ROUNDS : quickRounds;
    }

    ComparePlan.Times times() {
        return full.value() ? ComparePlan.Times.FULL : quickTimes;
    }

    /** The flags of the servers' JVMs: the usual ones, the program's logging, and where it finds the embedded database. */
    static List<String> jvm() {
        List<String> all = new ArrayList<>(ComparePlan.JVM);
        all.add("-Dthrum.logging=true");
        String sqlite = System.getProperty(NativeLibrary.FOLDER);
        if (sqlite != null) {
            all.add("-D" + NativeLibrary.FOLDER + "=" + sqlite);
        }
        return List.copyOf(all);
    }

    ComparePlan plan(CompareTarget target) {
        int most = connections.value();
        return new ComparePlan(
                rounds(),
                times(),
                goal.value(),
                most,
                most < 4 ? List.of(2 * most) : List.of(most / 4, 2 * most),
                IDLE,
                target.slowClients(),
                jvm(),
                SEED);
    }

    List<EngineChoice> choices() {
        List<EngineChoice> chosen = engines.value().isEmpty()
                ? EngineChoice.usual()
                : engines.value().stream().map(EngineChoice::named).toList();
        Set<String> names = new HashSet<>();
        chosen.forEach(choice -> {
            if (!names.add(choice.name())) {
                throw new IllegalArgumentException("expected each engine once in --engines but " + choice.name()
                        + " is there twice: a second copy takes part in any case");
            }
        });
        return chosen;
    }

    /** The arms; {@code folder} is for the data of their servers. */
    List<Entrant> entrants(CompareTarget target, Path folder) {
        List<Entrant> entrants = new ArrayList<>();
        for (EngineChoice choice : choices()) {
            entrants.add(new Entrant(
                    new Arm(choice.name(), choice.text(workers.value()), null),
                    target.main(choice, workers.value(), port.value(), folder)));
        }
        return entrants;
    }

    /** The limits that all servers have, for people. */
    Map<String, String> limits(CompareTarget target, CoreSplit cores) {
        Limits limits = ServedArm.limits();
        Map<String, String> words = new LinkedHashMap<>();
        words.put("accept queue", "1,024");
        words.put("connections", String.format(Locale.ROOT, "%,d", limits.maxConnections()));
        words.put("workers of engine threads", workers.value().toString());
        words.put("heap", "256 MB");
        words.put("cores", cores.remark());
        words.put("connections of the generator", connections.value().toString());
        words.put("idle connections at the end", Integer.toString(IDLE));
        if (target.slowClients() > 0) {
            words.put("slow clients", Integer.toString(target.slowClients()));
        }
        return words;
    }
}
