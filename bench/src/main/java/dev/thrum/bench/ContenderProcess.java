package dev.thrum.bench;

import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.peers.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The main class of a process that runs one contender.
 *
 * <p>It answers {@code ready PORT} or {@code unavailable REASON}, then {@code collected} to each line {@code collect},
 * and ends when its input does: with its parent at the latest.
 */
final class ContenderProcess {
    /** More than the young generation that idle connections are measured with, so all of that is resident. */
    private static final int GARBAGE_MEGABYTES = 32;

    private static final int MEGABYTE = 1 << 20;

    private ContenderProcess() {}

    /** Arguments: the protocol, the contender's name, and for how many connections at once. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(start(arguments[0], arguments[1], Integer.parseInt(arguments[2])));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = commands.readLine();
        while (command != null) {
            System.out.println(command.equals("collect") ? collect() : "failed expected collect but was " + command);
            command = commands.readLine();
        }
        Runtime.getRuntime().halt(0);
    }

    private static String start(String protocol, String name, int connections) {
        Contender contender = Protocol.named(protocol).contender(name).orElseThrow();
        try {
            // Kept by its threads.
            Endpoint server = contender.starter().start(connections);
            return "ready " + server.port();
        } catch (UnsupportedOperationException e) {
            return "unavailable " + e.getMessage();
        } catch (Exception e) {
            return "failed expected to start but " + e;
        }
    }

    /** Touches the whole young generation, for the resident set to grow by what lives alone, and collects. */
    private static String collect() {
        byte[][] garbage = new byte[64][];
        for (int i = 0; i < GARBAGE_MEGABYTES * (MEGABYTE / 1_024); i++) {
            garbage[i % garbage.length] = new byte[1_024];
        }
        System.gc();
        return "collected";
    }
}
