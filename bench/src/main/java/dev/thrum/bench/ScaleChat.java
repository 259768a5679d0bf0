package dev.thrum.bench;

import dev.thrum.bench.peers.PostgresProcess;
import dev.thrum.bench.tables.Figures;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.measure.Child;
import dev.thrum.measure.CpuClock;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The part {@code chat} of {@code thrum bench scale}: the CPU of all servers for a line to one of 1,000 clients of a room,
 * with one server, with one on PostgreSQL, and with two on the same database.
 *
 * <p>Clients say lines in turn, each when all have heard the one before. The database's own CPU isn't counted.
 */
final class ScaleChat {
    private static final int CLIENTS = 1_000;
    private static final int TEXT = 48;
    private static final int WARM_UP_WINDOWS = 4;
    private static final int SEED = 4711;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final String ONE = "one server";
    private static final String ONE_SHARED = "one server on PostgreSQL";
    private static final String TWO = "two servers on PostgreSQL";

    /** The CPU of two servers for a delivered line, compared with that of one. */
    private static final Bound REQUIRED = Bound.atMost(1.3, 1.1);

    private static final Duration WINDOW = Duration.ofSeconds(3);

    private final Path thrum;
    private final PrintStream out;
    private final ScratchFolder folder;

    /**
     * A window of one side.
     *
     * @param cpu of all servers for a delivered line, in ns
     * @param median time until all clients have a line, in ns
     */
    private record Sample(double cpu, double median) {}

    /** Servers that are one chat, and their clients, which are in one room. */
    private final class Side implements AutoCloseable {
        final String name;
        final List<Sample> samples = new ArrayList<>();
        private final Engine engine = Engine.virtual();
        private final List<ServerProcess> servers = new ArrayList<>();
        private final List<Connection> clients = new ArrayList<>();

        /** One permit for each line that a client has heard. */
        private final Semaphore heard = new Semaphore(0);

        private final Semaphore joined = new Semaphore(0);

        private int next;

        Side(String name) {
            this.name = name;
        }

        void start(int count, String database) throws IOException, InterruptedException {
            System.err.println("starting " + name);
            for (int i = 0; i < count; i++) {
                servers.add(ServerProcess.start(
                        thrum,
                        folder.resolve(name.replace(' ', '-') + i),
                        "--chat",
                        "0",
                        "--console",
                        "off",
                        "--web",
                        "off",
                        "--db",
                        database));
            }
            for (int i = 0; i < CLIENTS; i++) {
                int port = servers.get(i % count).port("chat");
                Connection client =
                        engine.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT);
                clients.add(client);
                client.releaseInput();
                Thread _ = Thread.startVirtualThread(() -> read(client));
                say(client, "join lobby");
                // One after the other: so many announcements at once would fill the outboxes.
                if (!joined.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("expected a client to join the room of " + name + " but it did not");
                }
            }
            for (int i = 0; i < WARM_UP_WINDOWS; i++) {
                Sample _ = measure();
            }
        }

        private void read(Connection client) {
            try {
                Optional<String> line = client.reader().readLine(1 << 20);
                for (; line.isPresent(); line = client.reader().readLine(1 << 20)) {
                    if (line.get().startsWith("guest-")) {
                        heard.release();
                    } else if (line.get().startsWith("You joined")) {
                        joined.release();
                    }
                }
            } catch (IOException e) {
                // It was closed; a line that is missing ends the measurement.
            }
        }

        Sample measure() throws IOException, InterruptedException {
            List<CpuClock> clocks =
                    servers.stream().map(server -> new CpuClock(server.pid())).toList();
            List<Double> times = new ArrayList<>();
            long cpu = cpu(clocks);
            long end = System.nanoTime() + WINDOW.toNanos();
            while (System.nanoTime() < end) {
                long begun = System.nanoTime();
                say(clients.get(next++ % CLIENTS), "x".repeat(TEXT));
                if (!heard.tryAcquire(CLIENTS, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("expected " + CLIENTS + " clients of " + name + " to hear a line but only "
                            + heard.availablePermits() + " did");
                }
                times.add((double) System.nanoTime() - begun);
            }
            long used = cpu(clocks) - cpu;
            return new Sample(
                    (double) used / times.size() / CLIENTS, Figures.of(times).median());
        }

        @Override
        public void close() {
            engine.close();
            servers.forEach(ServerProcess::close);
        }
    }

    ScaleChat(Path thrum, PrintStream out, ScratchFolder folder) {
        this.thrum = thrum;
        this.out = out;
        this.folder = folder;
    }

    /** Measures, prints a table, and returns the ratios. */
    List<Finding> measure(int rounds) throws IOException, InterruptedException {
        Side one = new Side(ONE);
        Side oneShared = new Side(ONE_SHARED);
        Side two = new Side(TWO);
        List<Side> sides = new ArrayList<>(List.of(one, oneShared, two));
        try (Child postgres =
                Child.start("PostgreSQL", List.of(), Child.ACCESS, List.of(PostgresProcess.class.getName()))) {
            one.start(1, "none");
            oneShared.start(1, postgres.ask("database one", PATIENCE));
            two.start(2, postgres.ask("database two", PATIENCE));
            Random random = new Random(SEED);
            for (int round = 1; round <= rounds; round++) {
                System.err.println("chat, round " + round + " of " + rounds);
                Collections.shuffle(sides, random);
                for (Side side : sides) {
                    side.samples.add(side.measure());
                }
            }
        } finally {
            sides.forEach(Side::close);
        }
        table(List.of(one, oneShared, two));
        return List.of(finding(two, one), finding(oneShared, one), finding(two, oneShared));
    }

    private static void say(Connection client, String line) throws IOException {
        client.writer().write(line + "\n");
        client.writer().flush();
    }

    private static long cpu(List<CpuClock> clocks) {
        return clocks.stream().mapToLong(CpuClock::nanos).sum();
    }

    private void table(List<Side> sides) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| a line to %,d clients | CPU of all servers for a delivered line, µs, min - median - max"
                        + " | until all have it, ms, min - median - max |%n",
                CLIENTS);
        out.println("|---|---|---|");
        for (Side side : sides) {
            out.printf(
                    "| %s | %s | %s |%n",
                    side.name,
                    Figures.of(side.samples.stream()
                            .map(sample -> sample.cpu() / NANOS_PER_MICRO)
                            .toList()),
                    Figures.of(side.samples.stream()
                            .map(sample -> sample.median() / NANOS_PER_MILLI)
                            .toList()));
        }
    }

    private static Finding finding(Side side, Side base) {
        return new Finding(
                side.name + " : " + base.name,
                "CPU of all servers for a delivered line",
                String.format(Locale.ROOT, "%,d clients", CLIENTS),
                Interval.ofPairs(side.samples, base.samples, Sample::cpu),
                side.name.equals(TWO) && base.name.equals(ONE) ? REQUIRED : Bound.none());
    }
}
