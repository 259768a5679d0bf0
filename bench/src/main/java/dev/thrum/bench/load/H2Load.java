package dev.thrum.bench.load;

import dev.thrum.measure.CpuClock;
import dev.thrum.measure.ProcText;
import dev.thrum.measure.ProgramPath;
import dev.thrum.measure.Snapshot;
import dev.thrum.measure.Window;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A window that {@code h2load} measures, the load generator of nghttp2, over HTTP/1.1 on kept connections; it opens them before
 * the window begins. TLS, if there is any, is version 1.3 with AES-128-GCM.
 *
 * <p>h2load says when its window begins and ends, and the clocks are read then. If a connection opens only after the window, it
 * never ends.
 *
 * @param address what it asks for
 * @param connections the number of connections
 * @param lead the time before the window, in milliseconds
 * @param window the length of the window, in milliseconds
 */
public record H2Load(String address, int connections, long lead, long window) {
    /** The time for the answers that are under way at the end of the window. */
    private static final long PATIENCE_MILLIS = 3_000;

    /** The only cipher suite that it offers: a server with OpenSSL follows the client's order, others their own. */
    public static final String SUITE = "TLS_AES_128_GCM_SHA256";

    private static final int KILLED = 128 + 9;

    private static final String BEGIN = "Main benchmark duration is started";
    private static final String END = "Main benchmark duration is over";

    /** The path of h2load; throws an {@link IOException} with the remedy if it isn't installed. */
    public static Path find() throws IOException {
        return ProgramPath.require("h2load", "nghttp2-client");
    }

    /** The same with a longer lead. */
    H2Load withLead(long millis) {
        return new H2Load(address, connections, millis, window);
    }

    /**
     * Measures; {@code server} are the clocks of the server's processes.
     *
     * @return empty if it did not end, because the lead was too short for all connections to be opened
     */
    Optional<Window> measure(List<CpuClock> server) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command()).redirectErrorStream(true).start();
        ProcessHandle handle = process.toHandle();
        CompletableFuture.delayedExecutor(lead + window + PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .execute(handle::destroyForcibly);
        try {
            return measured(process, server);
        } finally {
            process.destroyForcibly();
        }
    }

    private static long endedNanos() throws IOException {
        return ProcText.childrenNanos(Files.readString(Path.of("/proc/self/stat")));
    }

    private List<String> command() throws IOException {
        return List.of(
                find().toString(),
                "--h1",
                "--clients=" + connections,
                "--warm-up-time=" + lead + "ms",
                "--duration=" + window + "ms",
                "--tls13-ciphers=" + SUITE,
                address);
    }

    private Optional<Window> measured(Process process, List<CpuClock> server) throws IOException, InterruptedException {
        CpuClock own = new CpuClock(ProcessHandle.current().pid());
        CpuClock clients = new CpuClock(process.pid());
        long before = endedNanos();
        long beforeWindow = 0;
        @Nullable Snapshot start = null;
        @Nullable Snapshot end = null;
        List<String> lines = new ArrayList<>();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(BEGIN)) {
                OptionalLong used = clients.nanosIfRunning();
                if (used.isEmpty()) {
                    // This process got no CPU time for so long that the other has ended meanwhile.
                    return Optional.empty();
                }
                beforeWindow = used.getAsLong();
                start = Snapshot.now(server, own);
            } else if (line.startsWith(END)) {
                end = Snapshot.now(server, own);
            }
            lines.add(line);
        }
        int status = process.waitFor();
        if (status == KILLED) {
            return Optional.empty();
        }
        if (status != 0 || start == null || end == null) {
            throw new IOException("expected h2load to measure a window but its status is " + status + " and it says: "
                    + String.join(" / ", lines));
        }
        H2LoadReport report = new H2LoadReport(lines);
        if (address.startsWith("https:")) {
            report.requireEncrypted(SUITE);
        }
        Window all = start.until(end, report.requests(), 0, new Histogram(3));
        // At the end of the window it may have ended already, so its own clock can't be read then.
        return Optional.of(all.withClient(endedNanos() - before - beforeWindow));
    }
}
