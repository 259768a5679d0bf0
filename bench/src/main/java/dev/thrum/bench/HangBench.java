package dev.thrum.bench;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.StoreOptions;
import dev.thrum.bench.peers.PostgresProcess;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.measure.Child;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * The time that {@code GET /time}, which needs no database, takes while all database threads hang, and while none does.
 *
 * <p>Twelve more clients are connected in both cases. For a hung window each of them sends one request before the
 * window begins, for a table that another program has locked, and gets its response after the window. In a free window
 * they are silent. So in neither case do they, or the database, use the server's core during the window.
 */
final class HangBench {
    private static final List<String> ENGINES = List.of("virtual", "threads", "events");
    private static final int CONNECTIONS = 16;
    private static final int THREADS = 5;
    private static final double REQUIRED = 1.1;
    private static final int WARM_UP_WINDOWS = 4;
    private static final int SEED = 4711;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final double NANOS_PER_MICRO = 1e3;
    private static final Load TIME = new Load(Exchange.TIME, CONNECTIONS);

    private final Processes processes;
    private final StoreOptions options;
    private final ScratchFolder folder;
    private final Results results = new Results();

    private record Served(String engine, ServerProcess process, Askers askers) implements AutoCloseable {
        Meter.Target target() {
            return new Meter.Target(engine, process.port("web"), process.pid());
        }

        @Override
        public void close() {
            askers.close();
            process.close();
        }
    }

    private record Turn(Served server, boolean hung) {
        String name() {
            return name(server.engine(), hung);
        }

        static String name(String engine, boolean hung) {
            return engine + (hung ? ", all hang" : ", free");
        }
    }

    HangBench(Processes processes, StoreOptions options, ScratchFolder folder) {
        this.processes = processes;
        this.options = options;
        this.folder = folder;
    }

    void run(PrintStream out) throws IOException, InterruptedException {
        List<Served> servers = new ArrayList<>();
        try (Child postgres = processes.onGeneratorCore(PostgresProcess.class);
                Child generator = processes.generator()) {
            try {
                for (String engine : ENGINES) {
                    servers.add(start(engine, postgres.ask("database " + engine, TIMEOUT)));
                }
                measure(new Meter(generator, options.window(), StoreBench.REPEATS), postgres, servers);
            } finally {
                servers.forEach(Served::close);
            }
        }
        table(out);
        Finding.print(out, findings());
    }

    private Served start(String engine, String database) throws IOException {
        // No call may miss its deadline during a window, including repetitions: its thread would no longer hang.
        Duration deadline = Meter.LEAD
                .plus(options.window())
                .multipliedBy(StoreBench.REPEATS + 1)
                .plus(TIMEOUT);
        ServerProcess process = ServerProcess.start(
                processes.launcher(),
                List.of(),
                folder.resolve("hang-" + engine),
                "--engine",
                engine,
                // If connections may wait for a worker, a connection that waits even briefly ends the keep-alive of
                // others.
                "--max-waiting",
                "0",
                "--db",
                database,
                "--db-threads",
                Integer.toString(THREADS),
                "--db-deadline",
                deadline.toSeconds() + "s");
        try {
            return new Served(engine, process, Askers.connect(process.port("web")));
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    private void measure(Meter meter, Child postgres, List<Served> servers) throws IOException, InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (Served server : servers) {
            System.err.println("warming up " + server.engine());
            for (int i = 0; i < WARM_UP_WINDOWS; i++) {
                var _ = meter.window(server.target(), TIME);
            }
            turns.addAll(List.of(new Turn(server, false), new Turn(server, true)));
            var _ = hung(meter, postgres, server);
        }
        Random random = new Random(SEED);
        for (int round = 1; round <= options.rounds(); round++) {
            System.err.println("hang, round " + round + " of " + options.rounds());
            Collections.shuffle(turns, random);
            for (Turn turn : turns) {
                Results.Measured measured = turn.hung()
                        ? hung(meter, postgres, turn.server())
                        : meter.clean(turn.server().target(), TIME);
                results.add(turn.name(), TIME, measured);
            }
        }
    }

    private static Results.Measured hung(Meter meter, Child postgres, Served server)
            throws IOException, InterruptedException {
        String _ = postgres.ask("lock " + server.engine(), TIMEOUT);
        server.askers().ask();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!allHang(server)) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(
                        "expected all database threads of " + server.engine() + " to hang but they don't");
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        Results.Measured measured = meter.clean(server.target(), TIME);
        if (!allHang(server)) {
            throw new IOException("expected all database threads of " + server.engine() + " to hang until the end");
        }
        String _ = postgres.ask("unlock", TIMEOUT);
        server.askers().await();
        return measured;
    }

    private static boolean allHang(Served server) throws IOException {
        Gauges gauges = Gauges.of(server.process());
        return gauges.value("thrum_database_running") == THREADS
                && gauges.value("thrum_database_threads") == THREADS
                && gauges.value("thrum_database_waiting") > 0;
    }

    private void table(PrintStream out) {
        out.println();
        out.println("| `GET /time`, " + CONNECTIONS + " connections; database threads | p50, µs, min - median - max"
                + " | p99, µs, min - median - max | p99.9, µs, min - median - max | requests/s, median"
                + " | server CPU per request, µs, median | dirty windows |");
        out.println("|---|---|---|---|---|---|---|");
        for (String engine : ENGINES) {
            row(out, Turn.name(engine, false));
            row(out, Turn.name(engine, true));
        }
    }

    private void row(PrintStream out, String name) {
        List<Window> windows = results.windows(name, TIME);
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %,.0f | %.3f | %d of %d |%n",
                name,
                WindowTable.figures(windows, window -> window.p50() / NANOS_PER_MICRO)
                        .whole(),
                WindowTable.figures(windows, window -> window.p99() / NANOS_PER_MICRO)
                        .whole(),
                WindowTable.figures(windows, window -> window.p999() / NANOS_PER_MICRO)
                        .whole(),
                WindowTable.figures(windows, Window::rate).median(),
                WindowTable.figures(windows, Window::cpu).median(),
                results.dirty(name, TIME),
                windows.size());
    }

    private List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (String engine : ENGINES) {
            List<Window> free = results.windows(Turn.name(engine, false), TIME);
            List<Window> hung = results.windows(Turn.name(engine, true), TIME);
            findings.add(new Finding(
                    "all hang : free",
                    "p99 of `GET /time`",
                    engine + ", " + CONNECTIONS + " connections",
                    Interval.ofPairs(hung, free, Window::p99),
                    Bound.atMost(REQUIRED, REQUIRED)));
        }
        return findings;
    }
}
