package dev.thrum.crawl.fetch;

import dev.thrum.base.Clock;
import dev.thrum.crawl.fetch.FetchNetwork.Trust;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.scripted.FileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A scripted server of files, a network, and a folder in the middle of canaries. */
final class FetchScene implements AutoCloseable {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Engine engine = Engine.virtual();
    private final FileServer server = new FileServer();
    private final Surroundings around;
    private final FetchNetwork network;
    private final String origin;
    private DownloadFolder folder;

    FetchScene(Path temporary) throws IOException {
        this(temporary, FetchLimits.defaults());
    }

    FetchScene(Path temporary, FetchLimits limits) throws IOException {
        around = Surroundings.in(temporary);
        network = FetchNetwork.over(engine, limits, Trust.defaults());
        origin = "http://127.0.0.1:" + listen(server);
        folder = DownloadFolder.open(around.out());
    }

    int listen(ConnectionHandler handler) throws IOException {
        return engine.listen(LOOPBACK, handler, Limits.defaults()).address().getPort();
    }

    FileServer server() {
        return server;
    }

    Surroundings around() {
        return around;
    }

    FetchNetwork network() {
        return network;
    }

    Engine engine() {
        return engine;
    }

    Url url(String path) {
        return Url.parse(origin + path);
    }

    /** As the next run would find it. */
    void openAgain() throws IOException {
        folder.close();
        folder = DownloadFolder.open(around.out());
    }

    FetchResult fetch(String path) throws InterruptedException {
        return fetch(FetchRequest.of(url(path)));
    }

    FetchResult fetch(FetchRequest request) throws InterruptedException {
        return fetcher().fetch(request, FetchWatch.NONE);
    }

    Fetcher fetcher() {
        return new Fetcher(network, folder, Clock.system());
    }

    /** Attempts until one doesn't ask for another, with the results of all. */
    List<FetchResult> fetchWithRetries(String path) throws InterruptedException {
        List<FetchResult> results = new ArrayList<>();
        do {
            results.add(fetch(path));
        } while (results.size() < 6 && results.getLast() instanceof FetchResult.Failed failed && failed.mayRetry());
        return results;
    }

    byte[] saved(String name) throws IOException {
        return Files.readAllBytes(around.out().resolve(name));
    }

    @Override
    public void close() throws IOException {
        try (engine;
                network;
                DownloadFolder _ = folder) {
            around.assertUnharmed();
        }
    }
}
