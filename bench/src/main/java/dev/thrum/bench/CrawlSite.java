package dev.thrum.bench;

import dev.thrum.bench.load.LinkedPages;
import dev.thrum.bench.peers.NginxProcess;
import dev.thrum.measure.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Linked pages on eight hosts, which nginx serves.
 *
 * @param server nginx
 * @param seeds the first page of each host
 * @param pages the number of all pages
 * @param bytes the sum of their sizes
 */
record CrawlSite(Child server, List<String> seeds, int pages, long bytes) implements AutoCloseable {
    /** Writes about this many pages, as many on each host, and serves them. */
    static CrawlSite start(Processes processes, int pages, ScratchFolder folder)
            throws IOException, InterruptedException {
        Path nginx = NginxProcess.find();
        System.err.println("writing the pages");
        int each = Math.max(1, pages / NginxProcess.ADDRESSES);
        Path root = Files.createDirectory(folder.resolve("pages"));
        long bytes = LinkedPages.write(root, NginxProcess.ADDRESSES, each);
        Path own = Files.createDirectory(folder.resolve("nginx"));
        Child server = processes.unpinned(NginxProcess.class, nginx.toString(), root.toString(), own.toString());
        try {
            int port = Processes.port(server);
            List<String> seeds = IntStream.range(0, NginxProcess.ADDRESSES)
                    .mapToObj(part -> "http://127.0.0." + (1 + part) + ":" + port + LinkedPages.first(part))
                    .toList();
            return new CrawlSite(server, seeds, each * NginxProcess.ADDRESSES, bytes);
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
