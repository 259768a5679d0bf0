package dev.thrum.bench;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.FileTree;
import dev.thrum.bench.tables.Figures;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The time that {@code GET /time} and uncached files take while many clients list a folder of 10,000 entries, and while
 * none does.
 */
final class ListingsBench {
    private static final List<String> ENGINES = List.of("virtual", "threads", "events");
    private static final int ENTRIES = 10_000;
    private static final int CROWD = 60;
    private static final int ASKED = 500;
    private static final int TIME = -1;
    private static final double MOST_TIMES = 5;
    private static final double LEAST_MILLIS = 50;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path thrum;
    private final PrintStream out;

    ListingsBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run() throws Exception {
        out.println("| while " + CROWD + " clients list a folder of " + ENTRIES
                + " entries | p99 undisturbed, ms | p99, ms | max, ms | bound, ms | listings |  |");
        out.println("|---|---|---|---|---|---|---|");
        try (ScratchFolder scratch = ScratchFolder.nextTo(thrum)) {
            FileTree tree = FileTree.make(Files.createDirectory(scratch.resolve("files")));
            Path folder = Files.createDirectory(tree.root().resolve("long"));
            for (int i = 0; i < ENTRIES; i++) {
                Files.createFile(folder.resolve("entry-" + i));
            }
            for (String engine : ENGINES) {
                engine(engine, scratch.resolve("data-" + engine), tree);
            }
        }
    }

    private void engine(String engine, Path data, FileTree tree) throws Exception {
        String files = tree.root().toString();
        try (ServerProcess server = ServerProcess.start(
                        thrum, data, "--engine", engine, "--files", files, "--max-connections", "200");
                Engine clients = Engine.virtual();
                HttpClient client = HttpClient.over(clients, HttpClientConfig.defaults())) {
            URI root = URI.create("http://127.0.0.1:" + server.port("web"));
            double[][] before = {times(client, root, TIME), times(client, root, 0)};
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger lists = new AtomicInteger();
            try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CROWD; i++) {
                    var _ = crowd.submit(() -> {
                        while (!enough.get()) {
                            lists.addAndGet(ask(client, root.resolve("/files/long/")) == 200 ? 1 : 0);
                        }
                        return null;
                    });
                }
                double[][] during = {times(client, root, TIME), times(client, root, ASKED)};
                enough.set(true);
                row(engine + ", `/time`", new Figures(before[0]), new Figures(during[0]), lists.get());
                row(engine + ", a file", new Figures(before[1]), new Figures(during[1]), lists.get());
            }
        }
    }

    private void row(String name, Figures before, Figures during, int lists) {
        double undisturbed = before.quantile(0.99);
        double most = Math.max(MOST_TIMES * undisturbed, LEAST_MILLIS);
        double disturbed = during.quantile(0.99);
        out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.3f | %.3f | %d | %s |%n",
                name,
                undisturbed,
                disturbed,
                during.quantile(1),
                most,
                lists,
                disturbed <= most ? "met" : "missed");
    }

    /**
     * The times of requests in milliseconds, one after the other: {@code /time}, or files from this number on that were
     * not requested before.
     */
    private static double[] times(HttpClient client, URI root, int file) throws Exception {
        double[] times = new double[ASKED];
        for (int i = 0; i < ASKED; i++) {
            URI uri = root.resolve(file == TIME ? "/time" : "/files" + FileTree.path(Exchange.MANY, file + i));
            long begun = System.nanoTime();
            int status = ask(client, uri);
            times[i] = (System.nanoTime() - begun) / NANOS_PER_MILLI;
            if (status != 200) {
                throw new IOException("expected 200 for " + uri + " but was " + status);
            }
        }
        return times;
    }

    private static int ask(HttpClient client, URI uri) throws Exception {
        try (ClientResponse response = client.send(ClientRequest.get(uri))) {
            long _ = response.body().transferTo(OutputStream.nullOutputStream());
            return response.status();
        }
    }
}
