package dev.thrum.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.measure.CpuClock;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A Kafka broker in a process of its own, as {@code thrum lab cluster} starts it: the jars are those of the distribution.
 *
 * @param process ends at the end of its input
 * @param address host and port
 */
record ScaleBroker(Process process, String address) implements AutoCloseable {
    /** After which a crawling process is missed, if it is not told otherwise. */
    static final double SESSION_SECONDS = 10;

    private static final double NANOS = 1e9;
    private static final String ANSWER = "broker ";

    /**
     * Starts a broker.
     *
     * @param thrum the launcher of a checkout that is built
     */
    static ScaleBroker start(Path thrum, ScratchFolder folder) throws IOException {
        Path lib = thrum.toAbsolutePath().resolveSibling("app/target/dist/lib");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                lib.resolve("cluster") + "/*" + File.pathSeparator + lib + "/*",
                "dev.thrum.cluster.ClusterProcess",
                Files.createTempDirectory(folder.path(), "broker-").toString());
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("broker.err").toFile())
                .start();
        boolean started = false;
        try {
            BufferedReader answers = process.inputReader(UTF_8);
            String line = answers.readLine();
            if (line == null || !line.startsWith(ANSWER)) {
                throw new IOException("expected a broker to start but it said " + line);
            }
            started = true;
            return new ScaleBroker(process, line.substring(ANSWER.length()));
        } finally {
            if (!started) {
                process.destroyForcibly();
            }
        }
    }

    /** The CPU time that it has used, in seconds. */
    double cpu() {
        return new CpuClock(process.pid()).nanos() / NANOS;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        var _ = process.onExit().join();
    }
}
