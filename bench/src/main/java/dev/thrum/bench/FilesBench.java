package dev.thrum.bench;

import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.FileTree;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.FilesOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.FilesServer;
import dev.thrum.bench.peers.NginxProcess;
import dev.thrum.bench.tables.Results;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** {@code thrum bench files}: the server CPU per file, compared with nginx. */
final class FilesBench {
    static final String EVENTS = "events";
    static final String RING = "events-io_uring";
    static final String VIRTUAL = "virtual";
    static final String NGINX = "nginx";
    static final List<String> SERVERS = List.of(EVENTS, RING, VIRTUAL, NGINX);

    static final Load SMALL = new Load(Exchange.SMALL, 64);
    static final Load LARGE = new Load(Exchange.LARGE, 16);
    static final Load MANY = new Load(Exchange.MANY, 64);
    static final Load COLD = new Load(Exchange.PASS, 64);

    private static final Duration START = Duration.ofSeconds(60);
    private static final int REPEATS = 2;
    private static final int WARM_UP_WINDOWS = 4;
    private static final int SEED = 4711;

    private final Path thrum;
    private final PrintStream out;
    private final Results results = new Results();

    private record Served(String name, Child process, Meter.Target target) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /** What all servers need to start. */
    private record Setup(Processes processes, Path nginx, FileTree files, ScratchFolder folder) {}

    FilesBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        FilesOptions options = FilesOptions.defaults().with(arguments);
        Path nginx = NginxProcess.find();
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), pinning);
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            System.err.println("writing the files");
            FileTree files = FileTree.make(folder.resolve("files"));
            Setup setup = new Setup(processes, nginx, files, folder);
            List<Load> warm = options.parts().stream()
                    .filter(part -> !part.equals(FilesOptions.COLD))
                    .map(FilesBench::load)
                    .toList();
            try (Child generator = processes.generator()) {
                Meter meter = new Meter(generator, options.window(), REPEATS);
                if (!warm.isEmpty()) {
                    warm(setup, meter, warm, options.rounds());
                }
                if (options.parts().contains(FilesOptions.COLD)) {
                    cold(setup, meter, options.rounds());
                }
            }
            about(options, arguments, pinning, folder);
            options.parts().forEach(part -> new FilesTable(out, results).print(load(part)));
            Finding.print(
                    out,
                    FilesTable.findings(
                            results,
                            options.parts().stream().map(FilesBench::load).toList()));
        }
    }

    private static Load load(String part) {
        return switch (part) {
            case FilesOptions.SMALL -> SMALL;
            case FilesOptions.LARGE -> LARGE;
            case FilesOptions.MANY -> MANY;
            case FilesOptions.COLD -> COLD;
            default -> throw new IllegalStateException("expected a part but was " + part);
        };
    }

    private void warm(Setup setup, Meter meter, List<Load> loads, int rounds) throws IOException, InterruptedException {
        List<Served> servers = new ArrayList<>();
        try {
            Turns turns = new Turns(rounds);
            List<Turn> all = new ArrayList<>();
            for (String name : SERVERS) {
                Served server = start(setup, name);
                servers.add(server);
                System.err.println("warming up " + name);
                if (loads.contains(MANY)) {
                    var _ = meter.pass(server.target(), COLD, FileTree.MANY);
                }
                for (Load load : loads) {
                    Turn turn = new Turn(meter, server.target(), load);
                    turn.warmUp(WARM_UP_WINDOWS);
                    all.add(turn);
                }
            }
            turns.measure("files", all, results);
        } finally {
            servers.forEach(Served::close);
        }
    }

    /**
     * Measures servers that were just started and are warm except for these files, so that the JIT compiler isn't
     * measured.
     */
    private void cold(Setup setup, Meter meter, int rounds) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<String> order = new ArrayList<>(SERVERS);
        for (int round = 1; round <= rounds; round++) {
            System.err.println("cold files, round " + round + " of " + rounds);
            Collections.shuffle(order, random);
            for (String name : order) {
                try (Served server = start(setup, name)) {
                    var _ = meter.window(server.target(), SMALL);
                    setup.files().forget();
                    results.add(name, COLD, meter.pass(server.target(), COLD, FileTree.MANY));
                }
            }
        }
    }

    private static Served start(Setup setup, String name) throws IOException, InterruptedException {
        String folder = setup.files().root().toString();
        Child process;
        if (name.equals(NGINX)) {
            Path prefix = Files.createTempDirectory(setup.folder().path(), "nginx-");
            List<String> words = new ArrayList<>(List.of(setup.nginx().toString(), folder, prefix.toString()));
            words.addAll(setup.processes().pinning().server());
            process = setup.processes().onGeneratorCore(NginxProcess.class, words.toArray(String[]::new));
        } else {
            process = setup.processes().server(FilesServer.class, name, folder, "64");
        }
        try {
            String[] ready = process.answer(START).split(" ", -1);
            List<Long> pids = ready.length == 2
                    ? List.of(process.pid())
                    : Arrays.stream(ready[2].split(",", -1)).map(Long::valueOf).toList();
            return new Served(name, process, new Meter.Target(name, Integer.parseInt(ready[1]), pids));
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private void about(FilesOptions options, List<String> arguments, Pinning pinning, ScratchFolder folder)
            throws IOException {
        SpeedBench.about(out, "files", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, windows of %.1f s; files on %s; %s; p50 and p99 are medians of the windows%n"
                        + "* a window is dirty if others took more than %.0f %% of a core, in it and in %d repetitions; a pass"
                        + " over cold files is not repeated%n"
                        + "* JVM: %s%n",
                options.rounds(),
                options.window().toMillis() / 1e3,
                folder.fileSystem(),
                pinning.remark(),
                Meter.NOISE_LIMIT * 100,
                REPEATS,
                Processes.fastFlags());
    }
}
