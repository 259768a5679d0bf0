package dev.thrum.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code thrum serve} of our own, on free ports, with the console only. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern CONSOLE = Pattern.compile("console\\s+\\S*:(\\d+).*");
    private static final int STOP_SECONDS = 20;

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static ServerProcess start(Path thrum, String... options) throws IOException {
        return start(thrum, List.of(), options);
    }

    /** Starts it with these environment variables too, written {@code NAME=value}. */
    static ServerProcess start(Path thrum, List<String> environment, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(thrum.toString(), "serve", "--console", "0"));
        for (String service : List.of("--echo", "--greeter", "--udp-echo", "--udp-time")) {
            command.addAll(List.of(service, "off"));
        }
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        environment.forEach(pair ->
                builder.environment().put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1)));
        Process process = builder.start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null) {
            Matcher console = CONSOLE.matcher(line);
            if (console.matches()) {
                return new ServerProcess(process, Integer.parseInt(console.group(1)));
            }
            line = lines.readLine();
        }
        process.destroyForcibly();
        throw new IOException("expected a line \"console HOST:PORT\" of " + command + " but it ended without");
    }

    int port() {
        return port;
    }

    /** What the server holds in memory, in bytes. */
    long resident() throws IOException {
        return ProcText.resident(Files.readString(Path.of("/proc", process.pid() + "", "status")));
    }

    @Override
    public void close() {
        process.destroy();
        boolean ended = process.onExit()
                .thenApply(exited -> true)
                .completeOnTimeout(false, STOP_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!ended) {
            process.destroyForcibly();
        }
    }
}
