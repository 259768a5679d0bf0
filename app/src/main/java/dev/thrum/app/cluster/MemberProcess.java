package dev.thrum.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.IoWords;
import dev.thrum.base.Threads;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A process of a cluster: a JVM that ends at the end of its input. What it prints goes to a file, {@code NAME.out} and {@code NAME.err}. Safe for
 * concurrent use.
 */
final class MemberProcess {
    /** The access to JDK internals that the program's jar declares. */
    private static final List<String> ACCESS =
            List.of("--add-opens=java.base/java.lang=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long a process may take to end by itself. */
    private static final Duration PARTING = Duration.ofSeconds(20);

    private final String name;
    private final Path log;
    private final Process process;
    private final List<Awaited> awaited;

    /** The end of its output. */
    private final CompletableFuture<String> lastLine = new CompletableFuture<>();

    /** A line that the process prints, and what a group in it says. */
    private record Awaited(Pattern line, CompletableFuture<Matcher> found) {}

    private MemberProcess(String name, Path log, Process process, List<Awaited> awaited) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.awaited = awaited;
    }

    /**
     * Starts a process.
     *
     * @param name its name in messages and of its files
     * @param logs the folder of these
     * @param flags of the JVM, with its class path
     * @param main its main class and arguments
     * @param lines what it prints when it can be used; for {@link #await}
     */
    static MemberProcess start(String name, Path logs, List<String> flags, List<String> main, List<Pattern> lines)
            throws CommandException {
        // It leaves Ctrl-C to this program, which ends all in their order.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(main);
        ProcessBuilder builder = new ProcessBuilder(command);
        // A variable for this command is not one for the others.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("THRUM_"));
        try {
            Path errors = logs.resolve(name + ".err");
            Process process =
                    builder.redirectError(Redirect.to(errors.toFile())).start();
            MemberProcess member = new MemberProcess(
                    name,
                    errors,
                    process,
                    lines.stream()
                            .map(line -> new Awaited(line, new CompletableFuture<>()))
                            .toList());
            Threads.daemon("thrum-output-" + name, () -> member.read(logs.resolve(name + ".out")))
                    .start();
            return member;
        } catch (IOException e) {
            throw new CommandException("expected to start " + name + " but: " + IoWords.of(e), e);
        }
    }

    /** The flags of this JVM for another one that runs the same program. */
    static List<String> ownFlags() {
        List<String> flags =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        flags.removeIf(flag -> flag.startsWith("-javaagent:") || flag.startsWith("-agentlib:"));
        ACCESS.stream().filter(flag -> !flags.contains(flag)).forEach(flags::add);
        return flags;
    }

    /** Keeps what it prints, and looks for the awaited lines in it; to its end, so that it never waits for a reader. */
    private void read(Path file) {
        String last = "";
        try (BufferedReader lines = process.inputReader(UTF_8);
                BufferedWriter kept = Files.newBufferedWriter(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                kept.write(line);
                kept.newLine();
                kept.flush();
                last = line.isBlank() ? last : line;
                for (Awaited each : awaited) {
                    Matcher matcher = each.line().matcher(line);
                    if (matcher.matches()) {
                        var _ = each.found().complete(matcher);
                    }
                }
            }
        } catch (IOException e) {
            last = "its output can't be kept: " + IoWords.of(e);
        } finally {
            lastLine.complete(last);
            awaited.forEach(each -> each.found().cancel(false));
        }
    }

    /**
     * Waits until it has printed an awaited line.
     *
     * @return what the first group of the pattern has found
     */
    String await(int number) throws CommandException, InterruptedException {
        try {
            return awaited.get(number)
                    .found()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .group(1);
        } catch (TimeoutException e) {
            throw failed("is not ready after " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException | CancellationException e) {
            throw failed("has ended: " + lastLine.join(), e);
        }
    }

    private CommandException failed(String what, Exception cause) {
        return new CommandException(
                "expected " + name + " to start but it " + what + " (its messages are in " + log + ")", cause);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** The last line that it has printed, when it has ended; with its exit status. */
    CompletableFuture<Ended> ended() {
        return process.onExit().thenCombine(lastLine, (exited, line) -> new Ended(this, exited.exitValue(), line));
    }

    /** How a process has ended. */
    record Ended(MemberProcess member, int status, String lastLine) {}

    /** Asks it to end; {@link #awaitEnd} waits for that. */
    void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    /** Waits until it has ended; after 20 s it is killed. */
    void awaitEnd() {
        @Nullable
        Boolean ended = process.onExit()
                .thenApply(_ -> true)
                .completeOnTimeout(false, PARTING.toSeconds(), TimeUnit.SECONDS)
                .join();
        if (!ended) {
            var _ = process.destroyForcibly().onExit().join();
        }
    }
}
