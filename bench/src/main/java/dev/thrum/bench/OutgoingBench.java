package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.load.OutgoingProcess;
import dev.thrum.bench.options.OutgoingOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code thrum bench outgoing}: the CPU per round trip of outgoing conversations on engine {@code events}, compared with
 * that of the accepted conversations they talk to.
 *
 * <p>The two sides are processes on cores of their own. A core may cost more than another, because it serves interrupts
 * or because of its neighbour; so there are two pairs, with the cores exchanged, and a ratio is made from both.
 */
final class OutgoingBench {
    private static final String SERVER = "events-epoll/straight";
    private static final int WARM_UP_WINDOWS = 4;
    private static final String FIGURE = "CPU per round trip";

    /** The CPU of the outgoing side, compared with the accepted side. */
    private static final Bound REQUIRED = Bound.atMost(1.2, 1.0);

    private static final double NANOS_PER_MICRO = 1e3;

    private final Path thrum;
    private final PrintStream out;
    private final Results results = new Results();
    private final List<Child> children = new ArrayList<>();

    OutgoingBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        OutgoingOptions options = OutgoingOptions.of(arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        try {
            List<Turn> turns = new ArrayList<>();
            for (Cores cores : Cores.values()) {
                turns.addAll(pair(cores, pinning, options));
            }
            for (Load load : loads(options)) {
                List<Turn> all =
                        turns.stream().filter(turn -> turn.load().equals(load)).toList();
                new Turns(options.rounds()).measure("outgoing, " + load, all, results);
            }
        } finally {
            children.forEach(Child::close);
        }
        print(options, arguments);
    }

    private static String title(Cores cores) {
        return cores.title("accepted");
    }

    private static List<Load> loads(OutgoingOptions options) {
        return options.conversations().stream()
                .map(number -> new Load(Exchange.LINE, number))
                .toList();
    }

    /** Starts a pair of processes and warms it up. */
    private List<Turn> pair(Cores cores, Pinning pinning, OutgoingOptions options)
            throws IOException, InterruptedException {
        System.err.println("warming up, " + title(cores));
        Processes processes = new Processes(Protocol.LINES, thrum, cores.placed(pinning));
        Contender contender = Protocol.LINES.contender(SERVER).orElseThrow();
        Serving server = processes
                .fast(
                        contender,
                        options.conversations().stream().mapToInt(n -> n).max().orElseThrow())
                .orElseThrow(() -> new IOException("expected " + SERVER + " to run here: see above"));
        children.add(server.process());
        Child outgoing = processes.onGeneratorCore(OutgoingProcess.class);
        children.add(outgoing);
        Meter meter = new Meter(outgoing, options.window(), Contest.REPEATS);
        Meter.Target target =
                new Meter.Target(title(cores), server.port(), server.process().pid());
        List<Turn> turns = new ArrayList<>();
        for (Load load : loads(options)) {
            Turn turn = new Turn(meter, target, load);
            turn.warmUp(WARM_UP_WINDOWS);
            turns.add(turn);
        }
        return turns;
    }

    private void print(OutgoingOptions options, List<String> arguments) throws IOException {
        SpeedBench.about(out, "outgoing", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, windows of %.1f s, with each side on either core%n* JVM: %s%n",
                options.rounds(),
                options.window().toMillis() / 1e3,
                Processes.fastFlags());
        loads(options).forEach(this::table);
        Finding.print(out, loads(options).stream().map(this::finding).toList());
    }

    private void table(Load load) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| %s | round trips/s, min - median - max | outgoing side's %s, µs, min - median - max"
                        + " | accepted side's | dirty windows |%n",
                load,
                FIGURE);
        out.println("|---|---|---|---|---|");
        for (Cores cores : Cores.values()) {
            List<Window> windows = results.windows(title(cores), load);
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %d of %d |%n",
                    title(cores),
                    WindowTable.figures(windows, Window::rate).whole(),
                    WindowTable.figures(windows, window -> window.client() / NANOS_PER_MICRO / window.trips()),
                    WindowTable.figures(windows, Window::cpu),
                    results.dirty(title(cores), load),
                    windows.size());
        }
    }

    private Finding finding(Load load) {
        List<Window> straight = results.windows(title(Cores.STRAIGHT), load);
        List<Window> exchanged = results.windows(title(Cores.EXCHANGED), load);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < straight.size(); round++) {
            ratios.add(Math.sqrt(ratio(straight.get(round)) * ratio(exchanged.get(round))));
        }
        return new Finding("outgoing : accepted", FIGURE, load.toString(), Interval.of(ratios), REQUIRED);
    }

    private static double ratio(Window window) {
        return (double) window.client() / window.server();
    }
}
