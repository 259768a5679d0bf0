package dev.thrum.bench.load;

import dev.thrum.bench.load.Load.Manner;
import dev.thrum.measure.CpuClock;
import dev.thrum.measure.Snapshot;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The main class of the process that loads the servers and measures them.
 *
 * <p>It answers each command with one line, or with {@code failed REASON}, and exits at the end of its input. The
 * commands are {@code run EXCHANGE PORT CONNECTIONS LEAD WINDOW PID} (in milliseconds; the ids of the server's
 * processes, separated by commas), answered with a {@link Window};
 * {@code crowd} and {@code pace}, with the same words as {@code run}, for other manners of a {@link Load};
 * {@code pass EXCHANGE PORT CONNECTIONS REQUESTS 0 PID}, answered with a window that ends after this many requests;
 * {@code hold EXCHANGE PORT CONNECTIONS}, answered with {@code held}; {@code connect EXCHANGE PORT CONNECTIONS}, which does
 * the same with connections that ask nothing; and {@code release}, answered with
 * {@code released}.
 */
public final class Generator {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Histogram roundTrips = new Histogram(3);
    private final CpuClock own = new CpuClock(ProcessHandle.current().pid());
    private final List<Clients> held = new ArrayList<>();

    /** By their ports; they stay connected until this process exits. */
    private final Map<Integer, Receivers> receivers = new HashMap<>();

    private Generator() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        Commands.serve(new Generator()::answer);
    }

    private String answer(String[] command) throws IOException {
        return switch (command[0]) {
            case "run" -> run(command);
            case "crowd" -> converse(command, Manner.CROWD);
            case "pace" -> converse(command, Manner.PACED);
            case "pass" -> pass(command);
            case "hold" -> hold(command);
            case "connect" -> connect(command);
            case "release" -> release();
            default -> "failed expected run, crowd, pace, pass, hold, connect or release but was " + command[0];
        };
    }

    private String run(String[] command) throws IOException {
        return switch (exchange(command)) {
            case BROADCAST -> broadcast(command, 1);
            case BURST -> broadcast(command, Exchange.BURST_LINES);
            default -> converse(command, Manner.STRICT);
        };
    }

    private String converse(String[] command, Manner manner) throws IOException {
        List<CpuClock> server = Snapshot.clocks(command[6]);
        try (Clients clients = clients(command)) {
            if (manner != Manner.STRICT) {
                clients.countClosed();
            }
            clients.open();
            if (manner == Manner.PACED) {
                clients.pace();
            } else {
                clients.start();
            }
            clients.runUntil(System.nanoTime() + number(command, 4) * NANOS_PER_MILLI);
            roundTrips.reset();
            long waited = clients.waited();
            Snapshot start = Snapshot.now(server, own);
            clients.runUntil(start.nanos() + number(command, 5) * NANOS_PER_MILLI);
            Window window = window(start, Snapshot.now(server, own), clients, waited);
            clients.end();
            return window.toString();
        }
    }

    private String pass(String[] command) throws IOException {
        List<CpuClock> server = Snapshot.clocks(command[6]);
        try (Clients clients = clients(command)) {
            roundTrips.reset();
            Snapshot start = Snapshot.now(server, own);
            clients.runFor(number(command, 4));
            Window window = window(start, Snapshot.now(server, own), clients, 0);
            clients.end();
            return window.toString();
        }
    }

    private Window window(Snapshot start, Snapshot end, Clients clients, long waited) {
        return start.until(
                        end,
                        roundTrips.getTotalCount() * clients.answersPerTrip(),
                        clients.waited() - waited,
                        roundTrips)
                .withClosed(clients.closed());
    }

    /** Leaves the receivers connected for the next windows, which may have other numbers of them. */
    private String broadcast(String[] command, int lines) throws IOException {
        List<CpuClock> server = Snapshot.clocks(command[6]);
        Receivers all = receivers.computeIfAbsent(number(command, 2), port -> new Receivers(port, roundTrips));
        all.resize(number(command, 3));
        all.runUntil(System.nanoTime() + number(command, 4) * NANOS_PER_MILLI, lines);
        roundTrips.reset();
        long waited = all.waited();
        Snapshot start = Snapshot.now(server, own);
        all.runUntil(start.nanos() + number(command, 5) * NANOS_PER_MILLI, lines);
        return start.until(
                        Snapshot.now(server, own),
                        roundTrips.getTotalCount() * lines,
                        all.waited() - waited,
                        roundTrips)
                .toString();
    }

    private String hold(String[] command) throws IOException {
        Clients clients = clients(command);
        held.add(clients);
        clients.open();
        return "held";
    }

    /** The server has accepted a batch of connections when one that was opened after them has its answer. */
    private String connect(String[] command) throws IOException {
        int port = number(command, 2);
        int connections = number(command, 3);
        Dialogue dialogue = exchange(command).dialogue(port, connections);
        Clients silent = new Clients(dialogue, port, connections, roundTrips);
        held.add(silent);
        while (silent.connect()) {
            try (Clients later = new Clients(dialogue, port, 1, roundTrips)) {
                later.open();
                later.end();
            }
        }
        return "held";
    }

    private String release() throws IOException {
        for (Clients clients : held) {
            clients.end();
            clients.close();
        }
        held.clear();
        return "released";
    }

    /** The connections that a command describes; none is open yet. */
    private Clients clients(String[] command) throws IOException {
        int port = number(command, 2);
        int connections = number(command, 3);
        return new Clients(exchange(command).dialogue(port, connections), port, connections, roundTrips);
    }

    private static Exchange exchange(String[] command) {
        return Exchange.named(command[1]).orElseThrow();
    }

    private static int number(String[] command, int index) {
        return Integer.parseInt(command[index]);
    }
}
