package dev.thrum.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/**
 * From the start of the launcher to the first byte a client reads, with the AOT cache and without, in turn.
 *
 * <p>The clock starts before the process is made and stops when the first byte of the console's welcome is there: shell,
 * JVM, services, the line that tells the port, connecting and the first conversation are all in it.
 */
final class StartUp {
    private static final int RUNS = 21;
    private static final double NANOS = 1e9;

    private final Path thrum;

    StartUp(Path thrum) {
        this.thrum = thrum;
    }

    void run() throws Exception {
        try (ScratchFolder data = ScratchFolder.beside(thrum)) {
            run(data.path());
        }
    }

    /** The first start makes the database, and does not count. */
    private void run(Path data) throws IOException, InterruptedException {
        double[] cached = new double[RUNS];
        double[] plain = new double[RUNS];
        firstByte(data, List.of());
        for (int i = 0; i < RUNS; i++) {
            cached[i] = firstByte(data, List.of());
            plain[i] = firstByte(data, List.of("JDK_JAVA_OPTIONS=-XX:AOTMode=off"));
        }
        System.out.println("| first byte from ./thrum serve, s (" + RUNS + " runs each) | min - median - max |");
        System.out.println("|---|---|");
        System.out.println("| with the AOT cache | " + new Figures(cached) + " |");
        System.out.println("| without (-XX:AOTMode=off) | " + new Figures(plain) + " |");
    }

    private double firstByte(Path data, List<String> environment) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (ServerProcess server = ServerProcess.start(List.of(thrum.toString()), environment, data);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
                InputStream in = client.getInputStream()) {
            int octet = in.read();
            double seconds = (System.nanoTime() - start) / NANOS;
            if (octet != 'W') {
                throw new IOException("expected the console's welcome but its first byte was " + octet);
            }
            return seconds;
        }
    }
}
