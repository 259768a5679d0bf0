package dev.thrum.bench;

import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.peers.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * The main class of a process that runs one contender.
 *
 * <p>It prints {@code ready PORT} or {@code unavailable REASON}, then answers each line {@code collect} with
 * {@code collected} and each line {@code heap} with the bytes of all live objects, and exits at the end of its input, so it
 * doesn't outlive its parent.
 */
final class ContenderProcess {
    /** More than the young generation in measurements of idle connections, so all of that generation is resident. */
    private static final int GARBAGE_MEGABYTES = 32;

    private static final int MEGABYTE = 1 << 20;

    private static final int MOST_COLLECTIONS = 10;

    /** Bytes; a thousandth of what is measured. */
    private static final int NOTHING = 8_192;

    private ContenderProcess() {}

    /** Arguments: the protocol, the contender's name, and the number of simultaneous connections. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(start(arguments[0], arguments[1], Integer.parseInt(arguments[2])));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = commands.readLine();
        while (command != null) {
            System.out.println(answer(command));
            command = commands.readLine();
        }
        Runtime.getRuntime().halt(0);
    }

    private static String answer(String command) {
        return switch (command) {
            case "collect" -> collect();
            case "heap" -> Long.toString(heap());
            default -> "failed expected collect or heap but was " + command;
        };
    }

    private static String start(String protocol, String name, int connections) {
        Contender contender = Protocol.named(protocol).contender(name).orElseThrow();
        try {
            // Its threads keep it reachable.
            Endpoint server = contender.starter().start(connections);
            return "ready " + server.port();
        } catch (UnsupportedOperationException e) {
            return "unavailable " + e.getMessage();
        } catch (Exception e) {
            return "failed expected to start but " + e;
        }
    }

    /**
     * Touches the whole young generation, so that afterwards the resident set grows only by live objects, and collects
     * garbage.
     */
    private static String collect() {
        byte[][] garbage = new byte[64][];
        for (int i = 0; i < GARBAGE_MEGABYTES * (MEGABYTE / 1_024); i++) {
            garbage[i % garbage.length] = new byte[1_024];
        }
        System.gc();
        return "collected";
    }

    /** Collects until a further collection finds next to nothing: some objects need more than one, to be cleaned up. */
    private static long heap() {
        long used = collected();
        long before = Long.MAX_VALUE;
        for (int i = 0; i < MOST_COLLECTIONS && before - used > NOTHING; i++) {
            before = used;
            used = collected();
        }
        return used;
    }

    private static long collected() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
