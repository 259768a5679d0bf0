package dev.thrum.app.compare;

import dev.thrum.app.cli.Flags;
import dev.thrum.measure.compare.run.Requests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is compared.
 *
 * @param name the name of the workload, or of the handler's class
 * @param text what a server does for a request
 * @param requests what is asked
 * @param workload null for a handler of the user's
 * @param jars the files of that handler
 */
record CompareTarget(
        String name,
        String text,
        Requests requests,
        @Nullable Workload workload,
        List<Path> jars) {
    private static final Duration GREETING = Duration.ofMillis(200);

    CompareTarget {
        jars = List.copyOf(jars);
    }

    /** Checks what was typed; throws an {@link IllegalArgumentException} with a line for the user. */
    static CompareTarget of(@Nullable String workload, CompareFlags flags) {
        String handler = flags.handler.value();
        if ((workload == null) == (handler == null)) {
            throw new IllegalArgumentException(
                    workload == null
                            ? "expected a workload (" + Workload.names() + ") or --handler but was given neither"
                            : "expected a workload or --handler but was given both: leave one of them out");
        }
        requireFree(flags.port.value());
        var _ = flags.mode();
        var _ = flags.choices();
        if (handler != null) {
            return ofHandler(handler, flags);
        }
        if (!flags.jars.value().isEmpty()
                || flags.path.value() != null
                || !flags.send.value().isEmpty()) {
            throw new IllegalArgumentException("expected --jar, --path and --send only with --handler");
        }
        Workload known = Workload.named(workload == null ? "" : workload);
        return new CompareTarget(known.toString(), known.text(), known.requests(), known, List.of());
    }

    private static CompareTarget ofHandler(String handler, CompareFlags flags) {
        List<Path> jars = flags.jars.value().stream()
                .map(name -> Flags.file("--jar", name))
                .toList();
        boolean isHttp = UserHandler.load(handler, jars).isHttp();
        String path = flags.path.value();
        List<String> lines = flags.send.value();
        if (isHttp && !lines.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected --send only for handlers of lines but " + handler + " is one of HTTP: name a --path");
        }
        if (!isHttp && (path != null || lines.isEmpty())) {
            throw new IllegalArgumentException(
                    "expected --send with the lines to send, and no --path, as " + handler + " is no HTTP handler");
        }
        if (path != null && !path.startsWith("/")) {
            throw new IllegalArgumentException("expected --path to begin with / but was \"" + path + "\"");
        }
        return new CompareTarget(
                handler,
                "your own handler",
                isHttp ? Requests.http(path == null ? "/" : path) : Requests.lines(lines, GREETING),
                null,
                jars);
    }

    private static void requireFree(int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "expected a free port but " + port + " is in use: name another, or leave --server-port out", e);
        }
    }

    /** How many clients are slow during all loads. */
    int slowClients() {
        return workload == null ? 0 : workload.slowClients();
    }

    /** The main class of its servers, and its arguments. */
    List<String> main(EngineChoice engine, int workers, int port, Path folder) {
        return workload == null
                ? ServedArm.main(engine, workers, port, name, jars)
                : ServedArm.main(engine, workers, port, workload, folder);
    }
}
