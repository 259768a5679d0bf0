package dev.thrum.app.cluster;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A small site to crawl: linked pages on several hosts, which are addresses of this machine. Each page links to two others of its host, and the
 * first one of a host to that of the next host.
 */
final class ClusterSite {
    /** On Linux all of 127.0.0.0/8 is this machine; elsewhere it may be the first only. */
    private static final int HOSTS = 8;

    private static final int PAGES = 60;
    private static final List<String> WORDS = List.of(
            "warp", "weft", "loom", "thread", "fringe", "shuttle", "cloth", "wool", "linen", "spindle", "knot", "yarn");

    private final List<InetSocketAddress> hosts;

    private ClusterSite(List<InetSocketAddress> hosts) {
        this.hosts = hosts;
    }

    /** Starts the site; it ends with the engine. */
    static ClusterSite start(Engine engine) throws IOException {
        List<InetSocketAddress> hosts = new ArrayList<>();
        ClusterSite site = new ClusterSite(hosts);
        HttpServer http = HttpServer.over(site::respond, HttpConfig.defaults());
        for (int host = 1; host <= HOSTS; host++) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0." + host), 0);
            try {
                Server server = engine.listen(address, http, Limits.defaults());
                hosts.add(server.address());
            } catch (IOException e) {
                if (hosts.isEmpty()) {
                    throw e;
                }
            }
        }
        return site;
    }

    /** The first page of each host. */
    List<String> seeds() {
        return hosts.stream().map(host -> url(host, 0)).toList();
    }

    /** The number of pages on all hosts. */
    int pages() {
        return hosts.size() * PAGES;
    }

    private static String url(InetSocketAddress host, int page) {
        String root = "http://" + host.getAddress().getHostAddress() + ":" + host.getPort() + "/";
        return page == 0 ? root : root + page;
    }

    private Response respond(Request request) throws HttpException {
        String path = request.path().substring(1);
        int page = path.isEmpty() ? 0 : path.matches("[1-9]\\d{0,4}") ? Integer.parseInt(path) : PAGES;
        if (page >= PAGES) {
            throw HttpException.of(404, "expected a page from 1 to " + (PAGES - 1));
        }
        return Response.of(200, "text/html; charset=utf-8", html(request.authority(), page));
    }

    private String html(String host, int page) {
        String word = WORDS.get((page + host.hashCode() % WORDS.size() + WORDS.size()) % WORDS.size());
        StringBuilder html = new StringBuilder("<!doctype html><title>Page " + page + " of " + host + "</title>");
        html.append("<h1>Page ")
                .append(page)
                .append("</h1><p>This page of ")
                .append(host)
                .append(" is about ");
        html.append(word).append(" and ").append(WORDS.get(page % WORDS.size())).append(".</p>");
        for (int child = 2 * page + 1; child <= 2 * page + 2 && child < PAGES; child++) {
            html.append("<a href=\"/")
                    .append(child)
                    .append("\">page ")
                    .append(child)
                    .append("</a> ");
        }
        if (page == 0) {
            hosts.forEach(
                    other -> html.append("<a href=\"").append(url(other, 0)).append("\">another host</a> "));
        }
        return html.toString();
    }
}
