package dev.thrum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A real process under test, with its output; closing it ends the process. */
public final class Child implements AutoCloseable {
    private static final int PATIENCE = 60;
    private static final Pattern SERVICE = Pattern.compile("([a-z-]+) +\\S+:(\\d+) .*");

    private final Process process;
    private final Output out;
    private final Output err;

    /** Descendants of the process when it was signalled; they can no longer be found once it has ended. */
    private final List<ProcessHandle> descendants = new CopyOnWriteArrayList<>();

    private Child(Process process) {
        this.process = process;
        this.out = new Output(process.inputReader(StandardCharsets.UTF_8));
        this.err = new Output(process.errorReader(StandardCharsets.UTF_8));
    }

    /** Starts a command with only these variables and the PATH, HOME and JAVA_HOME of this JVM. */
    public static Child start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> !name.equals("PATH") && !name.equals("HOME"));
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                variables.remove(name);
            } else {
                variables.put(name, value);
            }
        });
        return new Child(builder.start());
    }

    /** Starts {@code thrum} as it was packaged. */
    public static Child thrum(Map<String, String> environment, String... arguments) throws IOException {
        return start(environment, command(arguments));
    }

    public static Child thrum(String... arguments) throws IOException {
        return thrum(Map.of(), arguments);
    }

    /** Starts {@code thrum serve} on free ports and waits until it serves. */
    public static Child serve(String... flags) throws IOException {
        return thrum(freePorts(), concat("serve", flags)).awaitServing();
    }

    /** Variables for servers that do not disturb each other: free ports, and a new data folder. */
    public static Map<String, String> freePorts() {
        Map<String, String> variables = new HashMap<>();
        for (String service :
                List.of("CONSOLE", "ECHO", "GREETER", "CHAT", "WEB", "ADMIN", "UDP_ECHO", "UDP_TIME", "PORT")) {
            variables.put("THRUM_" + service, "0");
        }
        variables.put("THRUM_DATA", newFolder().toString());
        return variables;
    }

    /** A new folder below {@code target}, deleted by the next clean build. */
    public static Path newFolder() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<String> command(String... arguments) {
        return List.of(concat(dist().resolve("thrum").toString(), arguments));
    }

    public static Path dist() {
        return Path.of(System.getProperty("thrum.dist"));
    }

    private static String[] concat(String first, String... rest) {
        String[] all = new String[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    public Child awaitServing() {
        out.await(line -> line.contains("serves on engine"), this);
        return this;
    }

    /** The port that the program printed for a service. */
    public int port(String service) {
        for (String line : out.lines) {
            Matcher matcher = SERVICE.matcher(line);
            if (matcher.matches() && matcher.group(1).equals(service)) {
                return Integer.parseInt(matcher.group(2));
            }
        }
        throw new AssertionError("expected a line about " + service + " in " + out.lines);
    }

    public long pid() {
        return process.pid();
    }

    /** Types, and ends the input. */
    public void type(String text) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Types, and leaves the input open. */
    public void send(String text) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    public String awaitOut(String part) {
        return out.await(line -> line.contains(part), this);
    }

    public String awaitErr(String part) {
        return err.await(line -> line.contains(part), this);
    }

    public void signal(String name) throws IOException {
        process.descendants().forEach(descendants::add);
        try (Child kill = start(Map.of(), List.of("kill", "-" + name, Long.toString(pid())))) {
            assertThat(kill.awaitExit()).isZero();
        }
    }

    public int awaitExit() {
        try {
            assertThat(process.waitFor(PATIENCE, SECONDS))
                    .as("end of the process; out %s, err %s", out.lines, err.lines)
                    .isTrue();
            out.join();
            err.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Everything printed, once the process has ended. */
    public List<String> out() {
        return out.lines;
    }

    public List<String> err() {
        return err.lines;
    }

    @Override
    public void close() {
        process.descendants().forEach(descendants::add);
        descendants.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
    }

    /** One stream of the process, read by a thread of its own to the end. */
    private static final class Output {
        private static final String END = "\0end";

        final List<String> lines = new CopyOnWriteArrayList<>();
        private final BlockingQueue<String> unseen = new LinkedBlockingQueue<>();
        private final Thread thread;

        Output(BufferedReader reader) {
            thread = Thread.ofVirtual().start(() -> read(reader));
        }

        private void read(BufferedReader reader) {
            try (reader) {
                @Nullable String line = reader.readLine();
                while (line != null) {
                    lines.add(line);
                    unseen.add(line);
                    line = reader.readLine();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                unseen.add(END);
            }
        }

        String await(Predicate<String> condition, Child child) {
            try {
                @Nullable String line = unseen.poll(PATIENCE, SECONDS);
                while (line != null && !line.equals(END)) {
                    if (condition.test(line)) {
                        return line;
                    }
                    line = unseen.poll(PATIENCE, SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new AssertionError("expected another line; out " + child.out() + ", err " + child.err());
        }

        void join() throws InterruptedException {
            thread.join(SECONDS.toMillis(PATIENCE));
        }
    }
}
