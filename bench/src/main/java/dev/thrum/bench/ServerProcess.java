package dev.thrum.bench;

import dev.thrum.measure.ProcText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code thrum serve} process on free ports, with console, web and admin unless the options change that, and with its
 * own data folder.
 */
final class ServerProcess implements AutoCloseable {
    private static final Pattern SERVICE = Pattern.compile("([a-z-]+)\\s+\\S*:(\\d+) .*");
    private static final Pattern LAST = Pattern.compile("Thrum .* serves on engine .*");
    private static final int STOP_SECONDS = 20;

    /** The ports of the services, unless the options set them. */
    private static final Map<String, String> PORTS = Map.of(
            "--console", "0",
            "--web", "0",
            "--admin", "0",
            "--echo", "off",
            "--greeter", "off",
            "--udp-echo", "off",
            "--udp-time", "off");

    private final Process process;

    /** Ends the server when this process is terminated. */
    private final Thread hook;

    private final Map<String, Integer> ports = new HashMap<>();

    private ServerProcess(Process process) {
        this.process = process;
        this.hook = new Thread(process::destroy, "end of a server");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts it with these additional flags. */
    static ServerProcess start(Path thrum, Path data, String... options) throws IOException {
        return start(List.of(thrum.toString()), List.of(), data, options);
    }

    /**
     * Starts it.
     *
     * @param launcher the command of the launcher, with a prefix such as {@code taskset}
     * @param environment environment variables, as {@code NAME=value}
     * @param data its data folder
     * @param options additional flags; they may set the ports of services
     */
    static ServerProcess start(List<String> launcher, List<String> environment, Path data, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of("serve", "--data", data.toString(), "--backup", "off"));
        List<String> given = List.of(options);
        PORTS.forEach((service, port) -> {
            if (!given.contains(service)) {
                command.addAll(List.of(service, port));
            }
        });
        command.addAll(given);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        environment.forEach(pair ->
                builder.environment().put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1)));
        ServerProcess server = new ServerProcess(builder.start());
        try {
            server.learnPorts();
            return server;
        } catch (IOException e) {
            server.close();
            throw new IOException("expected " + command + " to print its ports but " + e.getMessage(), e);
        }
    }

    private void learnPorts() throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher service = SERVICE.matcher(line);
            if (service.matches()) {
                ports.put(service.group(1), Integer.parseInt(service.group(2)));
            } else if (LAST.matcher(line).matches()) {
                return;
            }
        }
        throw new IOException("it ended before it did");
    }

    /** The port of its console. */
    int port() {
        return port("console");
    }

    /** The port of a service, such as {@code console}. */
    int port(String service) {
        Integer port = ports.get(service);
        if (port == null) {
            throw new IllegalArgumentException("expected one of " + ports.keySet() + " but was " + service);
        }
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** The server's resident set, in bytes. */
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
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is already running.
        }
    }
}
