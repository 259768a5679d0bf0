package dev.thrum.bench;

import dev.thrum.bench.tables.Figures;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time of 20 URLs that each wait 200 ms, all at once and one after the other, as {@code thrum fetch} itself prints it. */
record WaitBench(Path thrum, PrintStream out, ScratchFolder folder) {
    private static final int URLS = 20;
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Bound BOUND = Bound.atLeast(10, 15);
    private static final Pattern ELAPSED = Pattern.compile("^20 files, .* in (\\d+\\.\\d+) s,.*");

    List<Finding> measure(int rounds) throws IOException, InterruptedException {
        double[] together = new double[rounds];
        double[] sequential = new double[rounds];
        HttpHandler waiting = request -> {
            request.clock().sleep(WAIT);
            return Response.text("waited\n");
        };
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        HttpServer.over(waiting, HttpConfig.defaults()),
                        Limits.defaults())) {
            Path urls = urls(server.address().getPort());
            for (int round = 0; round < rounds; round++) {
                System.err.println("fetch, 20 URLs that wait, round " + (round + 1) + " of " + rounds);
                together[round] = elapsed(urls, "--parallel", "20", "--per-host", "20");
                sequential[round] = elapsed(urls, "--sequential");
            }
        }
        out.println();
        out.println("| 20 URLs that each wait 200 ms | elapsed, s, min - median - max |");
        out.println("|---|---|");
        out.println("| `--parallel 20 --per-host 20` | " + new Figures(together) + " |");
        out.println("| `--sequential` | " + new Figures(sequential) + " |");
        return List.of(new Finding(
                "--sequential : --parallel 20", "elapsed", "20 URLs", Interval.ofPairs(sequential, together), BOUND));
    }

    private Path urls(int port) throws IOException {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < URLS; i++) {
            urls.add("http://127.0.0.1:" + port + "/" + i);
        }
        return Files.write(folder.resolve("waiting"), urls);
    }

    private double elapsed(Path urls, String... flags) throws IOException, InterruptedException {
        Path saved = Files.createTempDirectory(folder.path(), "saved-");
        List<String> command =
                new ArrayList<>(List.of(thrum.toString(), "fetch", "-i", urls.toString(), "--out", saved.toString()));
        command.addAll(List.of(flags));
        ProgramRun run =
                ProgramRun.of(command, Map.of(), folder.path(), PATIENCE).succeeded("thrum fetch");
        Matcher line = ELAPSED.matcher(run.output().getLast());
        if (!line.matches()) {
            throw new IOException("expected the last line to have the elapsed time but it was "
                    + run.output().getLast());
        }
        return Double.parseDouble(line.group(1));
    }
}
