package dev.thrum.bench;

import dev.thrum.bench.peers.Quiet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The main class of the process that writes into embedded databases.
 *
 * <p>It answers each command {@code LABEL MILLIS} with {@code INSERTS NANOS COMMITS}, or with {@code failed REASON},
 * and exits at the end of its input.
 */
final class InsertProcess {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Path folder;
    private final Map<String, Inserts> ways = new HashMap<>();

    private InsertProcess(Path folder) {
        this.folder = folder;
    }

    /** Argument: the folder for the databases. */
    public static void main(String[] arguments) throws IOException {
        Quiet.please();
        InsertProcess process = new InsertProcess(Path.of(arguments[0]));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = commands.readLine();
        while (command != null) {
            System.out.println(process.answer(command.split(" ")));
            command = commands.readLine();
        }
        Runtime.getRuntime().halt(0);
    }

    private String answer(String[] command) {
        try {
            Inserts inserts = ways.get(command[0]);
            if (inserts == null) {
                inserts = Inserts.of(command[0], folder);
                ways.put(command[0], inserts);
            }
            long start = System.nanoTime();
            Inserts.Count count = inserts.until(start + Long.parseLong(command[1]) * NANOS_PER_MILLI);
            return count.inserts() + " " + (System.nanoTime() - start) + " " + count.commits();
        } catch (Exception e) {
            return "failed " + e;
        }
    }
}
