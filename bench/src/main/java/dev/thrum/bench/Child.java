package dev.thrum.bench;

import dev.thrum.bench.load.ProcText;
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

/** A JVM that answers each line on its input with one on its output, and ends when its input does. */
final class Child implements AutoCloseable {
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
     * @param name what messages call it
     * @param prefix what to start it with, {@code taskset} perhaps
     * @param flags of the JVM
     * @param main its main class, and that one's arguments
     */
    static Child start(String name, List<String> prefix, List<String> flags, List<String> main) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(main);
        return new Child(
                name,
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    /** Sends a command and waits for its answer, so long at most. */
    String ask(String command, Duration patience) throws IOException, InterruptedException {
        commands.write(command + "\n");
        commands.flush();
        return answer(patience);
    }

    /** Waits for the next line, so long at most. */
    String answer(Duration patience) throws IOException, InterruptedException {
        String line = nextLine(patience);
        if (line.startsWith("failed ")) {
            throw new IOException(name + ": " + line.substring("failed ".length()));
        }
        return line;
    }

    private String nextLine(Duration patience) throws IOException, InterruptedException {
        CompletableFuture<String> line = new CompletableFuture<>();
        var _ = Thread.ofVirtual().start(() -> {
            try {
                String read = answers.readLine();
                line.complete(read == null ? "failed expected an answer but the process has ended" : read);
            } catch (IOException e) {
                line.completeExceptionally(new UncheckedIOException(e));
            }
        });
        try {
            return line.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "expected an answer of " + name + " within " + patience.toSeconds() + " s but it hangs", e);
        } catch (ExecutionException e) {
            throw new IOException("expected an answer of " + name, e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** What it holds in memory, in bytes. */
    long resident() throws IOException {
        return ProcText.resident(Files.readString(Path.of("/proc", process.pid() + "", "status")));
    }

    /** Ends it. It hangs perhaps, in a call or in a write to us, so closing its input alone might not do. */
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
            // It has ended before.
        }
    }
}
