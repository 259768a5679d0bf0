package dev.thrum.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a test program in a separate JVM, for tests that would harm the JVM they run in. */
public final class ChildJvm {
    private static final int PATIENCE_SECONDS = 120;

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** The same setting as in the JVM of the tests. */
    private static final String DEBUG = "-Dthrum.debug=" + Boolean.getBoolean("thrum.debug");

    private ChildJvm() {}

    /**
     * Runs the main method of a class after a shell command; returns what it printed.
     *
     * @param before the shell command, such as {@code ulimit -n 80}
     * @param flags flags of the JVM; after {@code --}, arguments of the program
     */
    public static String run(String before, Class<?> program, String... flags)
            throws IOException, InterruptedException {
        List<String> all = List.of(flags);
        int end = all.contains("--") ? all.indexOf("--") : all.size();
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", before + "; exec \"$@\"", "bash", JAVA, "-Xmx64m", DEBUG));
        command.addAll(all.subList(0, end));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(all.subList(Math.min(end + 1, all.size()), all.size()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(child));
        if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            child.destroyForcibly().waitFor();
            throw new AssertionError(
                    "expected the child to end within " + PATIENCE_SECONDS + " s but it did not: " + output.join());
        }
        return output.join();
    }

    /**
     * Starts the main method of a class in a JVM that starts fast, to be killed.
     *
     * @param output where its output goes
     */
    public static Process start(ProcessBuilder.Redirect output, Class<?> program, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx128m", "-XX:TieredStopAtLevel=1", DEBUG));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    private static String read(Process child) {
        try {
            return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "the output could not be read: " + e;
        }
    }
}
