package dev.thrum.bench.crawl;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hosts on 127.0.0.1, 127.0.0.2 and so on, each on a port of its own, whose pages are made when they are asked for: {@code /page/0} and others.
 */
public final class LoopbackHosts implements AutoCloseable {
    private static final String PREFIX = "/page/";

    private final Engine engine = Engine.virtual();
    private final List<Server> servers = new ArrayList<>();

    /** Makes the pages of a host. */
    @FunctionalInterface
    public interface Pages {
        /** The HTML of a page. */
        String page(int number);
    }

    private LoopbackHosts() {}

    /**
     * Starts hosts with the same pages.
     *
     * @param wait before each page
     */
    public static LoopbackHosts start(int hosts, Duration wait, Pages pages) throws IOException {
        return start(hosts, wait, pages, url -> {});
    }

    /**
     * Starts hosts with the same pages.
     *
     * @param wait before each page
     * @param requests receives the URL of each page that is asked for, on any thread
     */
    public static LoopbackHosts start(int hosts, Duration wait, Pages pages, Consumer<String> requests)
            throws IOException {
        LoopbackHosts all = new LoopbackHosts();
        try {
            for (int host = 0; host < hosts; host++) {
                all.servers.add(all.engine.listen(
                        new InetSocketAddress("127.0.0." + (1 + host), 0),
                        HttpServer.over(handler(host, wait, pages, requests), HttpConfig.defaults()),
                        Limits.defaults()));
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private static HttpHandler handler(int host, Duration wait, Pages pages, Consumer<String> requests) {
        return request -> {
            if (!request.path().startsWith(PREFIX)) {
                return Response.empty(404);
            }
            requests.accept("http://" + request.authority() + request.path());
            int number = Integer.parseInt(request.path().substring(PREFIX.length()));
            if (wait.isPositive()) {
                request.clock().sleep(wait);
            }
            // Pages with the same words would be taken for a trap, and equal ones for duplicates.
            String title = "Page " + number + " of host " + host;
            return Response.of(
                    200,
                    "text/html; charset=utf-8",
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<title>" + title + "</title>\n<h1>" + title + "</h1>\n"
                            + pages.page(number));
        };
    }

    /** A link to a page. */
    public static String link(int number) {
        return "<a href=\"" + PREFIX + number + "\">page " + number + "</a>\n";
    }

    /** The first pages of all hosts. */
    public List<String> seeds() {
        return servers.stream()
                .map(server -> "http://" + server.address().getAddress().getHostAddress() + ":"
                        + server.address().getPort() + PREFIX + "0")
                .toList();
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
        engine.close();
    }
}
