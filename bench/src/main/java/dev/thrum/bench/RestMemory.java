package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.options.Protocol;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The row {@code memory} of {@link RestBench}: the heap of a connection that rests.
 *
 * <p>It is the growth of the live objects from the time after a few hundred warm-up connections have ended to the time when
 * all connections have been silent for long enough to rest, both after collections that found nothing more. Memory outside of
 * the heap, of the system and of Netty, isn't part of it.
 */
final class RestMemory {
    /** The figures differ little from round to round, and each needs a fresh server. */
    static final int MOST_ROUNDS = 3;

    private static final int CONNECTIONS = 10_000;
    private static final int WARM_UP_CONNECTIONS = 300;

    /** Enough for the JIT compiler to finish, and for all classes to be loaded. */
    private static final int WARM_UP_MILLIS = 4_000;

    /** Longer than the two seconds of silence after which a connection rests. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private static final Bound RESTING = Bound.atMost(1_200, 750);
    private static final Bound STRAIGHT = Bound.atMost(6_144, 3_686);

    private static final String EVENTS = "events-epoll";
    private static final String STRAIGHT_LINES = EVENTS + "/straight";
    private static final String CALLBACKS = EVENTS + "/callbacks";
    private static final String NETTY = "netty-epoll";

    private static final List<Idle> ALL = List.of(
            new Idle(EVENTS, Protocol.HTTP, true, RESTING),
            new Idle(CALLBACKS, Protocol.LINES, true, RESTING),
            new Idle(EVENTS, Protocol.HTTP, false, RESTING),
            new Idle(CALLBACKS, Protocol.LINES, false, RESTING),
            new Idle(STRAIGHT_LINES, Protocol.LINES, false, STRAIGHT),
            new Idle(NETTY, Protocol.HTTP, true, Bound.none()),
            new Idle(NETTY, Protocol.LINES, true, Bound.none()),
            new Idle(NETTY, Protocol.HTTP, false, Bound.none()),
            new Idle(NETTY, Protocol.LINES, false, Bound.none()));

    private final Path thrum;
    private final Pinning pinning;
    private final HeapTable table;

    /**
     * Connections that are silent.
     *
     * @param contender the name of the server
     * @param protocol what it speaks
     * @param asked whether each has had an answer before
     * @param bound the bytes that one may need
     */
    private record Idle(String contender, Protocol protocol, boolean asked, Bound bound) {
        String title() {
            String words = protocol == Protocol.HTTP ? "HTTP" : "lines";
            return contender + ", " + words + (asked ? ", has asked once" : ", has never asked");
        }

        Exchange exchange() {
            return protocol == Protocol.HTTP ? Exchange.PLAINTEXT : Exchange.LINE;
        }
    }

    RestMemory(Path thrum, Pinning pinning, PrintStream out) {
        this.thrum = thrum;
        this.pinning = pinning;
        table = new HeapTable(out);
    }

    void run(int rounds) throws IOException, InterruptedException {
        table.head(String.format(Locale.ROOT, "%,d idle connections", CONNECTIONS));
        for (Idle idle : ALL) {
            row(idle, Math.min(rounds, MOST_ROUNDS));
        }
    }

    private void row(Idle idle, int rounds) throws IOException, InterruptedException {
        double[] bytes = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            System.err.println("memory, " + idle.title() + ", round " + (round + 1) + " of " + rounds);
            Optional<Double> growth = growth(idle);
            if (growth.isEmpty()) {
                return;
            }
            bytes[round] = growth.get() / CONNECTIONS;
        }
        table.row(idle.title(), bytes, idle.bound());
    }

    /** The growth of the heap of a fresh server, in bytes; empty if it can't run here. */
    private Optional<Double> growth(Idle idle) throws IOException, InterruptedException {
        Processes processes = new Processes(idle.protocol(), thrum, pinning);
        Optional<Serving> server =
                processes.frugal(idle.protocol().contender(idle.contender()).orElseThrow(), CONNECTIONS);
        if (server.isEmpty()) {
            return Optional.empty();
        }
        try (Child process = server.get().process();
                Child generator = processes.generator()) {
            return Optional.of(growth(idle, process, generator, server.get().port()));
        } catch (IOException e) {
            throw new IOException(idle.title() + ": " + e.getMessage(), e);
        }
    }

    private static double growth(Idle idle, Child server, Child generator, int port)
            throws IOException, InterruptedException {
        String words = idle.exchange().word() + " " + port + " ";
        var _ = generator.ask(
                "run " + words + WARM_UP_CONNECTIONS + " 0 " + WARM_UP_MILLIS + " " + server.pid(), TIMEOUT);
        long before = heap(server);
        var _ = generator.ask((idle.asked() ? "hold " : "connect ") + words + CONNECTIONS, TIMEOUT);
        Thread.sleep(SILENCE);
        return heap(server) - before;
    }

    private static long heap(Child server) throws IOException, InterruptedException {
        return Long.parseLong(server.ask("heap", TIMEOUT));
    }
}
