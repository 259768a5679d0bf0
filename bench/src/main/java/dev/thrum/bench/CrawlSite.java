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
 * Linked pages on several hosts, which nginx serves.
 *
 * @param server nginx
 * @param seeds the first page of each host
 * @param pages the number of all pages
 * @param bytes the sum of their sizes
 */
record CrawlSite(Child server, List<String> seeds, int pages, long bytes) implements AutoCloseable {
    static final int HOSTS = 8;

    /**
     * Writes about this many pages, as many on each host, and serves them.
     *
     * @param hosts at most {@link NginxProcess#ADDRESSES}
     */
    static CrawlSite start(Processes processes, int pages, int hosts, ScratchFolder folder)
            throws IOException, InterruptedException {
        Path nginx = NginxProcess.find();
        System.err.println("writing the pages");
        int each = Math.max(1, pages / hosts);
        Path root = Files.createTempDirectory(folder.path(), "pages-");
        long bytes = LinkedPages.write(root, hosts, each);
        Path own = Files.createTempDirectory(folder.path(), "nginx-");
        Child server = processes.unpinned(NginxProcess.class, nginx.toString(), root.toString(), own.toString());
        try {
            int port = Processes.port(server);
            List<String> seeds = IntStream.range(0, hosts)
                    .mapToObj(part -> "http://127.0.0." + (1 + part) + ":" + port + LinkedPages.first(part))
                    .toList();
            return new CrawlSite(server, seeds, each * hosts, bytes);
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
