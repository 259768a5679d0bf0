package dev.thrum.bench;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.H2Load;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.options.TlsOptions;
import dev.thrum.bench.options.TlsRow;
import dev.thrum.bench.peers.Certificate;
import dev.thrum.bench.peers.Contender;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code thrum bench tls}: what requests, idle connections and handshakes cost over TLS 1.3, on each engine and on Netty with the
 * same provider and certificate, and in clear text for orientation.
 *
 * <p>The tables of each row are printed when it is measured, so that a row that fails takes none with it.
 */
final class TlsBench {
    private static final int KEPT = 32;
    private static final String THREADS = "threads";
    private static final String PLAIN = "/plain";

    private final Path thrum;
    private final PrintStream out;

    TlsBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        TlsOptions options = TlsOptions.of(arguments);
        if (options.rows().contains(TlsRow.SMALL) || options.rows().contains(TlsRow.BULK)) {
            var _ = H2Load.find();
        }
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        about(options, pinning, arguments);
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            for (Certificate.Kind kind : Certificate.Kind.values()) {
                var _ = Certificate.create(folder.path(), kind);
            }
            Processes processes = new Processes(Protocol.TLS, thrum, pinning, List.of(Certificate.flag(folder.path())));
            for (TlsRow row : options.rows()) {
                measure(row, processes, options);
            }
        }
    }

    private void measure(TlsRow row, Processes processes, TlsOptions options) throws IOException, InterruptedException {
        switch (row) {
            case SMALL -> contest(processes, options, KEPT, Protocol.TLS.contenders(), List.of(Exchange.PLAINTEXT));
            case BULK -> contest(processes, options, KEPT, Protocol.TLS.contenders(), List.of(Exchange.BULK));
            case MEMORY -> new TlsMemory(processes, out).run(options.rounds());
            case HANDSHAKES -> {
                contest(processes, options, 1, openedOften(), List.of(Exchange.HANDSHAKE, Exchange.RESUMPTION));
                new TlsHandshakes(processes, out).run(options.rounds(), options.window());
            }
        }
    }

    private static List<Contender> openedOften() {
        return Protocol.TLS.contenders().stream()
                .filter(contender -> !contender.answersTo(THREADS))
                .filter(contender -> !contender.name().endsWith(PLAIN))
                .toList();
    }

    private void contest(
            Processes processes,
            TlsOptions options,
            int connections,
            List<Contender> contenders,
            List<Exchange> exchanges)
            throws IOException, InterruptedException {
        ContestOptions all = new ContestOptions(
                Protocol.TLS, options.rounds(), options.window(), contenders, List.of(connections), exchanges);
        try (Contest contest = Contest.start(processes, all)) {
            new Tables(all, contest.run(), out).print();
        }
    }

    private void about(TlsOptions options, Pinning pinning, List<String> arguments) throws IOException {
        SpeedBench.about(out, "tls", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, of memory at most %d; windows of %.1f s; %s%n* a window is dirty if others took more than %.0f %%"
                        + " of a core, in it and in %d repetitions%n* JVM, for memory: %s%n* JVM, for CPU: %s%n",
                options.rounds(),
                RestMemory.MOST_ROUNDS,
                options.window().toMillis() / 1e3,
                pinning.remark(),
                Meter.NOISE_LIMIT * 100,
                Contest.REPEATS,
                Processes.frugalFlags(),
                Processes.fastFlags());
    }
}
