package dev.thrum.cluster;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The main class of a process that runs a broker and a database. It prints {@code broker ADDRESS} and {@code database ADDRESS} when they
 * can be used, or {@code failed REASON}, and ends at the end of its input, so that it doesn't outlive the program that has started it.
 */
final class ClusterProcess {
    private ClusterProcess() {}

    /**
     * Starts both, and waits for the end of the input.
     *
     * @param arguments the folder for all data
     */
    public static void main(String[] arguments) {
        PrintStream answers = System.out;
        // What libraries print is no answer.
        System.setOut(System.err);
        Path folder = Path.of(arguments[0]);
        int status = 0;
        try (LocalBroker broker = LocalBroker.start(folder.resolve("broker"));
                LocalDatabase database = LocalDatabase.start(folder.resolve("database"))) {
            answers.println("broker " + broker.address());
            answers.println("database " + database.address());
            int read = System.in.read();
            while (read >= 0) {
                read = System.in.read();
            }
        } catch (IOException | RuntimeException e) {
            status = 1;
            e.printStackTrace();
            answers.println("failed "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        // Threads of libraries must not keep it alive.
        Runtime.getRuntime().exit(status);
    }
}
