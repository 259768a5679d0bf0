package dev.thrum.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child JVM that answers each line of its input with a line of output, and exits at the end of its input. */
public final class Child implements AutoCloseable {
    /** The access to JDK internals that engine {@code events} and Netty need; and Netty's leak detection is off. */
    public static final List<String> ACCESS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.leakDetection.level=disabled");

    private static final int END_SECONDS = 5;

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        commands = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a JVM on this class path.
     *
     * @param name its name in messages
     * @param prefix a command that starts it, such as {@code taskset}; may be empty
     * @param flags the flags of the JVM
     * @param main its main class and arguments
     */
    public static Child start(String name, List<String> prefix, List<String> flags, List<String> main)
            throws IOException {
        return start(name, prefix, flags, main, Redirect.INHERIT);
    }

    /** The same, with another place for its standard error. */
    public static Child start(String name, List<String> prefix, List<String> flags, List<String> main, Redirect errors)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(main);
        return new Child(name, new ProcessBuilder(command).redirectError(errors).start());
    }

    /** Sends a command and waits for its answer, at most this long. */
    public String ask(String command, Duration timeout) throws IOException, InterruptedException {
        commands.write(command + "\n");
        commands.flush();
        return answer(timeout);
    }

    /** Waits for the next line, at most this long. */
    public String answer(Duration timeout) throws IOException, InterruptedException {
        String line = nextLine(timeout);
        if (line.startsWith("failed ")) {
            throw new IOException(name + ": " + line.substring("failed ".length()));
        }
        return line;
    }

    private String nextLine(Duration timeout) throws IOException, InterruptedException {
        CompletableFuture<String> line = new CompletableFuture<>();
        var _ = Thread.ofVirtual().start(() -> {
            try {
                String read = answers.readLine();
                line.complete(read == null ? "failed expected an answer but the process has exited" : read);
            } catch (IOException e) {
                line.completeExceptionally(new UncheckedIOException(e));
            }
        });
        try {
            return line.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "expected an answer from " + name + " within " + timeout.toSeconds() + " s but there was none", e);
        } catch (ExecutionException e) {
            throw new IOException("expected an answer from " + name, e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Its resident set, in bytes. */
    public long resident() throws IOException {
        return ProcText.resident(Files.readString(Path.of("/proc", process.pid() + "", "status")));
    }

    /** Ends it. It may hang, in a call or in a write to this process, so closing its input might not be enough. */
    @Override
    public void close() {
        var _ = CompletableFuture.runAsync(() -> closeQuietly(commands), Thread::startVirtualThread);
        boolean ended = process.onExit()
                .thenApply(exited -> true)
                .completeOnTimeout(false, END_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!ended) {
            process.destroyForcibly();
        }
    }

    private static void closeQuietly(Writer writer) {
        try {
            writer.close();
        } catch (IOException e) {
            // It has already exited.
        }
    }
}
