package dev.thrum.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of the process that loads the servers and measures them.
 *
 * <p>It answers each command with one line, or with {@code failed REASON}, and exits at the end of its input. The
 * commands are {@code run EXCHANGE PORT CONNECTIONS LEAD WINDOW PID} (in milliseconds; the ids of the server's
 * processes, separated by commas), answered with a {@link Window};
 * {@code pass EXCHANGE PORT CONNECTIONS REQUESTS 0 PID}, answered with a window that ends after this many requests;
 * {@code hold EXCHANGE PORT CONNECTIONS}, answered with {@code held}; and {@code release}, answered with
 * {@code released}.
 */
public final class Generator {
    private static final Path STAT = Path.of("/proc/stat");
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RoundTrips roundTrips = new RoundTrips();
    private final CpuClock own = new CpuClock(ProcessHandle.current().pid());
    private final List<Clients> held = new ArrayList<>();

    private Generator() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        Generator generator = new Generator();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = commands.readLine();
        while (command != null) {
            System.out.println(generator.answer(command.split(" ")));
            command = commands.readLine();
        }
        Runtime.getRuntime().halt(0);
    }

    private String answer(String[] command) {
        try {
            return switch (command[0]) {
                case "run" -> run(command);
                case "pass" -> pass(command);
                case "hold" -> hold(command);
                case "release" -> release();
                default -> "failed expected run, pass, hold or release but was " + command[0];
            };
        } catch (IOException | RuntimeException e) {
            // An answer is one line, but a server's text may have several.
            return "failed " + String.valueOf(e.getMessage()).replaceAll("\\R", " / ");
        }
    }

    private String run(String[] command) throws IOException {
        List<CpuClock> server = clocks(command);
        try (Clients clients = clients(command)) {
            clients.open();
            clients.start();
            clients.runUntil(System.nanoTime() + number(command, 4) * NANOS_PER_MILLI);
            roundTrips.clear();
            long waited = clients.waited();
            Snapshot start = Snapshot.now(server, own);
            clients.runUntil(start.nanos + number(command, 5) * NANOS_PER_MILLI);
            Window window = window(start, Snapshot.now(server, own), clients, waited);
            clients.end();
            return window.toString();
        }
    }

    private String pass(String[] command) throws IOException {
        List<CpuClock> server = clocks(command);
        try (Clients clients = clients(command)) {
            roundTrips.clear();
            Snapshot start = Snapshot.now(server, own);
            clients.runFor(number(command, 4));
            Window window = window(start, Snapshot.now(server, own), clients, 0);
            clients.end();
            return window.toString();
        }
    }

    private Window window(Snapshot start, Snapshot end, Clients clients, long waited) {
        return new Window(
                roundTrips.total() * clients.answersPerTrip(),
                end.nanos - start.nanos,
                end.server - start.server,
                end.client - start.client,
                end.busy - start.busy,
                clients.waited() - waited,
                roundTrips.quantile(0.5),
                roundTrips.quantile(0.99),
                roundTrips.quantile(0.999));
    }

    private static List<CpuClock> clocks(String[] command) {
        return Arrays.stream(command[6].split(","))
                .map(pid -> new CpuClock(Long.parseLong(pid)))
                .toList();
    }

    private String hold(String[] command) throws IOException {
        Clients clients = clients(command);
        held.add(clients);
        clients.open();
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
        Exchange exchange = Exchange.named(command[1]).orElseThrow();
        int port = number(command, 2);
        int connections = number(command, 3);
        return new Clients(exchange.dialogue(port, connections), port, connections, roundTrips);
    }

    private static int number(String[] command, int index) {
        return Integer.parseInt(command[index]);
    }

    private record Snapshot(long nanos, long server, long client, long busy) {
        static Snapshot now(List<CpuClock> server, CpuClock client) throws IOException {
            long busy = ProcText.busyNanos(Files.readString(STAT));
            long cpu = server.stream().mapToLong(CpuClock::nanos).sum();
            return new Snapshot(System.nanoTime(), cpu, client.nanos(), busy);
        }
    }
}
