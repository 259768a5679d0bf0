package dev.thrum.bench;

import dev.thrum.bench.options.Arguments;
import dev.thrum.bench.options.BaselineOptions;
import dev.thrum.bench.options.UsageException;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code thrum bench start}: the time from the start of the launcher to the first byte that a client reads: with the
 * AOT cache, without it, without a database, and with {@code --baseline DIR} also of an earlier package; all in turn.
 *
 * <p>The time starts before the process is started and ends when the first byte of the console's welcome has arrived.
 * It includes the shell, the JVM, the services, the line with the port, connecting and the first conversation.
 */
final class StartUp {
    private static final int RUNS = 21;
    private static final double NANOS = 1e9;

    /** The time to the first byte, compared with the baseline. */
    private static final Bound REQUIRED = Bound.atMost(1.05, 1.0);

    /** The time with a database, compared with none. */
    private static final Bound DATABASE = Bound.atMost(1.5, 1.25);

    private final Path thrum;
    private final PrintStream out;

    /** How a server is started. */
    private record Variant(String name, Path launcher, List<String> environment, List<String> options) {}

    StartUp(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException {
        Optional<Path> baseline = Arguments.apply(Optional.<Path>empty(), arguments, StartUp::with);
        List<Variant> variants = new ArrayList<>(List.of(
                new Variant("with the AOT cache", thrum, List.of(), List.of()),
                new Variant("with it, without a database (--db none)", thrum, List.of(), List.of("--db", "none")),
                new Variant(
                        "without it (-XX:AOTMode=off)",
                        thrum,
                        List.of("JDK_JAVA_OPTIONS=-XX:AOTMode=off"),
                        List.of())));
        baseline.ifPresent(folder -> variants.add(
                new Variant("the baseline, with its AOT cache", folder.resolve("thrum"), List.of(), List.of())));
        SpeedBench.about(out, "start", arguments);
        List<double[]> seconds = measure(variants);
        out.println();
        out.println("| first byte from ./thrum serve, s (" + RUNS + " runs each) | min - median - max |");
        out.println("|---|---|");
        for (int i = 0; i < variants.size(); i++) {
            out.println("| " + variants.get(i).name() + " | " + new Figures(seconds.get(i)) + " |");
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(finding("with a database : without", seconds.getFirst(), seconds.get(1), DATABASE));
        if (baseline.isPresent()) {
            findings.add(finding("now : baseline", seconds.getFirst(), seconds.getLast(), REQUIRED));
        }
        Finding.print(out, findings);
    }

    private static Optional<Path> with(Optional<Path> baseline, String name, String value) {
        if (!name.equals(BaselineOptions.FLAG)) {
            throw new UsageException("expected " + BaselineOptions.FLAG + " but was " + name);
        }
        return Optional.of(BaselineOptions.folder(value));
    }

    /** Each variant has its own data folder. The first start creates the database there, and isn't counted. */
    private List<double[]> measure(List<Variant> variants) throws IOException {
        List<double[]> seconds = new ArrayList<>();
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            for (Variant variant : variants) {
                double _ = firstByte(variant, folder.resolve("data-" + seconds.size()));
                seconds.add(new double[RUNS]);
            }
            for (int run = 0; run < RUNS; run++) {
                for (int i = 0; i < variants.size(); i++) {
                    seconds.get(i)[run] = firstByte(variants.get(i), folder.resolve("data-" + i));
                }
            }
        }
        return seconds;
    }

    private static Finding finding(String name, double[] one, double[] other, Bound bound) {
        return new Finding(name, "time to the first byte", "start", Interval.ofPairs(one, other), bound);
    }

    private static double firstByte(Variant variant, Path data) throws IOException {
        long start = System.nanoTime();
        try (ServerProcess server = ServerProcess.start(
                        List.of(variant.launcher().toString()),
                        variant.environment(),
                        data,
                        variant.options().toArray(String[]::new));
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
