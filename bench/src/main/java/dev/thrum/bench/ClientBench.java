package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.ClientProcess;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.OutgoingOptions;
import dev.thrum.bench.options.Protocol;
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
import java.util.function.ToDoubleFunction;

/**
 * {@code thrum bench client}: the CPU per exchange of {@code HttpClient} on an engine, compared with that of the server it talks
 * to, which runs on the same engine, and with that of the JDK's client, which talks to the same server.
 *
 * <p>Client and server are processes on cores of their own. As in {@link OutgoingBench}, everything is measured with the cores
 * exchanged too, and a ratio is made from both.
 */
final class ClientBench {
    private static final int WARM_UP_WINDOWS = 6;
    private static final String FIGURE = "CPU per exchange";
    private static final double NANOS_PER_MICRO = 1e3;

    private static final Bound TO_SERVER = Bound.atMost(1.2, 1.0);
    private static final Bound TO_JDK = Bound.atMost(0.6, 0.4);

    // The contenders that are the servers.
    private static final String EVENTS_SERVER = "events-epoll";
    private static final String VIRTUAL_SERVER = "virtual";

    private final Path thrum;
    private final PrintStream out;
    private final Results results = new Results();
    private final List<Child> children = new ArrayList<>();

    /** A client and the server it talks to. */
    private enum Pair {
        EVENTS(ClientProcess.EVENTS, EVENTS_SERVER),
        EVENTS_JDK(ClientProcess.JDK, EVENTS_SERVER),
        VIRTUAL(ClientProcess.VIRTUAL, VIRTUAL_SERVER),
        VIRTUAL_JDK(ClientProcess.JDK, VIRTUAL_SERVER);

        private final String client;
        private final String server;

        Pair(String client, String server) {
            this.client = client;
            this.server = server;
        }

        String title(Cores cores) {
            return cores.title(client + " to " + server);
        }
    }

    ClientBench(Path thrum, PrintStream out) {
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
                Processes processes = new Processes(Protocol.HTTP, thrum, cores.placed(pinning));
                for (Pair pair : Pair.values()) {
                    turns.addAll(pair(pair, cores, processes, options));
                }
            }
            for (Load load : loads(options)) {
                List<Turn> all =
                        turns.stream().filter(turn -> turn.load().equals(load)).toList();
                new Turns(options.rounds()).measure("client, " + load, all, results);
            }
        } finally {
            children.forEach(Child::close);
        }
        print(options, arguments);
    }

    private static List<Load> loads(OutgoingOptions options) {
        return options.conversations().stream()
                .map(number -> new Load(Exchange.PLAINTEXT, number))
                .toList();
    }

    /** Starts a pair of processes and warms it up. */
    private List<Turn> pair(Pair pair, Cores cores, Processes processes, OutgoingOptions options)
            throws IOException, InterruptedException {
        System.err.println("warming up, " + pair.title(cores));
        int most = options.conversations().stream().mapToInt(n -> n).max().orElseThrow();
        Serving server = processes
                .fast(Protocol.HTTP.contender(pair.server).orElseThrow(), most)
                .orElseThrow(() -> new IOException("expected " + pair.server + " to run here: see above"));
        children.add(server.process());
        Child client = processes.onGeneratorCore(ClientProcess.class, pair.client);
        children.add(client);
        Meter meter = new Meter(client, options.window(), Contest.REPEATS);
        Meter.Target target = new Meter.Target(
                pair.title(cores), server.port(), server.process().pid());
        List<Turn> turns = new ArrayList<>();
        for (Load load : loads(options)) {
            Turn turn = new Turn(meter, target, load);
            turn.warmUp(WARM_UP_WINDOWS);
            turns.add(turn);
        }
        return turns;
    }

    private void print(OutgoingOptions options, List<String> arguments) throws IOException {
        SpeedBench.about(out, "client", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, windows of %.1f s, with each side on either core%n* JVM: %s%n",
                options.rounds(),
                options.window().toMillis() / 1e3,
                Processes.fastFlags());
        loads(options).forEach(this::table);
        Finding.print(
                out,
                loads(options).stream().flatMap(load -> findings(load).stream()).toList());
    }

    private void table(Load load) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| %s | exchanges/s, min - median - max | client's %s, µs, min - median - max | server's | dirty windows |%n",
                load,
                FIGURE);
        out.println("|---|---|---|---|---|");
        for (Pair pair : Pair.values()) {
            for (Cores cores : Cores.values()) {
                String title = pair.title(cores);
                List<Window> windows = results.windows(title, load);
                out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %d of %d |%n",
                        title,
                        WindowTable.figures(windows, Window::rate).whole(),
                        WindowTable.figures(windows, ClientBench::client),
                        WindowTable.figures(windows, Window::cpu),
                        results.dirty(title, load),
                        windows.size());
            }
        }
    }

    private List<Finding> findings(Load load) {
        return List.of(
                toServer(Pair.EVENTS, load),
                toServer(Pair.VIRTUAL, load),
                toJdk(Pair.EVENTS, Pair.EVENTS_JDK, load),
                toJdk(Pair.VIRTUAL, Pair.VIRTUAL_JDK, load));
    }

    private Finding toServer(Pair pair, Load load) {
        double[] ours = onBothCores(pair, load, ClientBench::client);
        double[] theirs = onBothCores(pair, load, Window::cpu);
        return finding(pair.client + " : its server, " + pair.server, load, Interval.ofPairs(ours, theirs), TO_SERVER);
    }

    private Finding toJdk(Pair pair, Pair jdk, Load load) {
        double[] ours = onBothCores(pair, load, ClientBench::client);
        double[] theirs = onBothCores(jdk, load, ClientBench::client);
        return finding(
                pair.client + " : " + jdk.client + ", server " + pair.server,
                load,
                Interval.ofPairs(ours, theirs),
                TO_JDK);
    }

    private static Finding finding(String ratio, Load load, Interval measured, Bound bound) {
        return new Finding(ratio, FIGURE, load.toString(), measured, bound);
    }

    /** The geometric means of a figure on both cores, of each round. */
    private double[] onBothCores(Pair pair, Load load, ToDoubleFunction<Window> figure) {
        List<Window> straight = results.windows(pair.title(Cores.STRAIGHT), load);
        List<Window> exchanged = results.windows(pair.title(Cores.EXCHANGED), load);
        double[] means = new double[straight.size()];
        for (int round = 0; round < means.length; round++) {
            means[round] =
                    Math.sqrt(figure.applyAsDouble(straight.get(round)) * figure.applyAsDouble(exchanged.get(round)));
        }
        return means;
    }

    /** CPU time of the client per exchange, in microseconds. */
    private static double client(Window window) {
        return window.client() / NANOS_PER_MICRO / window.trips();
    }
}
