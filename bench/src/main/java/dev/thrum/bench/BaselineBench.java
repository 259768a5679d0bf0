package dev.thrum.bench;

import dev.thrum.bench.Packages.Served;
import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.BaselineOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.Side;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code thrum bench lines} and {@code thrum bench http} with {@code --baseline DIR}: the CPU per response of this
 * checkout, compared with an earlier package.
 */
final class BaselineBench {
    private static final int WARM_UP_WINDOWS = 4;
    private static final int WARM_UP_CONNECTIONS = 64;

    /** Connections and workers allowed beyond those measured: those of the last window may not have ended yet. */
    private static final int SPARE = 1_024;

    /** The CPU time per response, compared with the baseline. */
    private static final Bound REQUIRED = Bound.atMost(1.02, 1.0);

    private final Path thrum;
    private final PrintStream out;
    private final Results results = new Results();

    BaselineBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(Protocol protocol, List<String> arguments) throws IOException, InterruptedException {
        BaselineOptions options = BaselineOptions.of(protocol, arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        Processes processes = new Processes(protocol, thrum.toAbsolutePath(), pinning);
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum);
                Child generator = processes.generator()) {
            Meter meter = new Meter(generator, options.window(), Contest.REPEATS);
            Packages packages = new Packages(thrum, options.baseline().orElseThrow(), pinning, folder);
            for (String engine : options.engines()) {
                // One engine after the other: two servers at a time fit into the memory of any machine.
                measure(meter, options, engine, packages);
            }
        }
        print(options, pinning, arguments);
    }

    private static int places(BaselineOptions options) {
        return SPARE + options.connections().stream().mapToInt(n -> n).max().orElse(0);
    }

    private static List<String> flags(String engine, int places) {
        List<String> flags = new ArrayList<>(List.of("--echo", "0"));
        String[] kind = engine.split("-", 2);
        flags.addAll(List.of("--engine", kind[0]));
        if (kind.length == 2) {
            flags.addAll(List.of("--transport", kind[1]));
        }
        if (engine.equals("threads")) {
            flags.addAll(List.of("--max-threads", Integer.toString(places)));
        }
        return flags;
    }

    private void measure(Meter meter, BaselineOptions options, String engine, Packages packages)
            throws IOException, InterruptedException {
        List<Served> servers = new ArrayList<>();
        try {
            for (Side side : Side.values()) {
                int places = places(options);
                servers.add(packages.start(engine, side, places, flags(engine, places)));
            }
            measure(meter, options, servers);
        } finally {
            servers.forEach(server -> server.process().close());
        }
    }

    private void measure(Meter meter, BaselineOptions options, List<Served> servers)
            throws IOException, InterruptedException {
        for (Served server : servers) {
            System.err.println("warming up " + server.side().of(server.engine()));
            for (Load load : options.loads()) {
                Load warmUp = new Load(load.exchange(), WARM_UP_CONNECTIONS);
                new Turn(meter, server.target(load.exchange()), warmUp).warmUp(WARM_UP_WINDOWS);
            }
        }
        Turns turns = new Turns(options.rounds());
        for (Load load : options.loads()) {
            List<Turn> all = servers.stream()
                    .map(server -> new Turn(meter, server.target(load.exchange()), load))
                    .toList();
            turns.measure(servers.getFirst().engine() + ", " + load, all, results);
        }
    }

    private void print(BaselineOptions options, Pinning pinning, List<String> arguments) throws IOException {
        SpeedBench.about(out, options.protocol().word(), arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, windows of %.1f s; %s; each side is `thrum serve` with the flags of its own package%n",
                options.rounds(),
                options.window().toMillis() / 1e3,
                pinning.remark());
        List<Finding> findings = new ArrayList<>();
        for (Load load : options.loads()) {
            WindowTable table = new WindowTable(out, options.protocol().unit());
            table.head(load.toString());
            for (String engine : options.engines()) {
                for (Side side : Side.values()) {
                    String name = side.of(engine);
                    table.row(name, results.windows(name, load), results.dirty(name, load));
                }
                findings.add(finding(options, engine, load));
            }
            table.end();
        }
        Finding.print(out, findings);
    }

    private Finding finding(BaselineOptions options, String engine, Load load) {
        Claim claim = new Claim(Side.NOW.of(engine), Side.BASELINE.of(engine), Claim.Figure.CPU, load, REQUIRED);
        return new Finding(
                engine + " : baseline",
                claim.figure().title(options.protocol().unit()),
                load.toString(),
                claim.ratio(results),
                REQUIRED);
    }
}
