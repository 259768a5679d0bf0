package dev.thrum.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program of these tests in a JVM of its own, for what a JVM can't do to itself. */
final class ChildJvm {
    private static final int PATIENCE_SECONDS = 60;

    private ChildJvm() {}

    /** Runs the main method of a class after a shell command; returns what it printed. */
    static String run(String before, Class<?> program) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(
                        "bash",
                        "-c",
                        before + "; exec \"$@\"",
                        "bash",
                        java,
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(child));
        if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            child.destroyForcibly().waitFor();
            throw new AssertionError(
                    "expected the child to end within " + PATIENCE_SECONDS + " s but it ran on: " + output.join());
        }
        return output.join();
    }

    private static String read(Process child) {
        try {
            return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "the output could not be read: " + e;
        }
    }
}
