package dev.thrum.testkit.web;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The web of a plan, on servers of an engine: each host has its own address of this machine, all have one port. It has no threads and
 * no clock but the engine's, so it also runs in a simulation. Safe for concurrent use.
 */
public final class ScriptedWeb implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final int GONE = -1;
    private static final WebResponse NOT_FOUND = WebResponse.status(404);

    /** Above all limits of a crawl, so that it is never the web that stops one. */
    private static final Limits LIMITS = Limits.defaults().withMaxPerPeer(10_000);

    private final WebLog log = new WebLog();
    private final CompletableFuture<WebMap> map = new CompletableFuture<>();
    private final Map<String, Integer> revisions = new ConcurrentHashMap<>();
    /** Filled before the web is published. */
    private final List<Server> servers = new ArrayList<>();

    private ScriptedWeb() {}

    /** Starts the web on the addresses of its hosts and a port that is free on all of them. */
    public static ScriptedWeb start(Engine engine, WebPlan plan) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return open(engine, plan);
            } catch (BindException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static ScriptedWeb open(Engine engine, WebPlan plan) throws IOException {
        ScriptedWeb web = new ScriptedWeb();
        boolean opened = false;
        try {
            web.listen(engine, 0, 0);
            WebMap map = plan.at(web.servers.getFirst().address().getPort());
            for (int host = 1; host < map.hostCount(); host++) {
                web.listen(engine, host, map.port());
            }
            web.map.complete(map);
            opened = true;
            return web;
        } finally {
            if (!opened) {
                web.close();
            }
        }
    }

    /**
     * Starts the web with one server for all hosts, for the network of a simulation, which is one machine whatever the address.
     *
     * @param port 0 for any
     */
    public static ScriptedWeb startOnOneMachine(Engine engine, WebPlan plan, int port) throws IOException {
        ScriptedWeb web = new ScriptedWeb();
        web.listen(engine, 0, port);
        web.map.complete(plan.at(web.servers.getFirst().address().getPort()));
        return web;
    }

    private void listen(Engine engine, int host, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(WebHosts.address(host), port);
        servers.add(engine.listen(address, new WebSession(log, this::respond), LIMITS));
    }

    public WebMap map() {
        return map.join();
    }

    /** The requests so far. */
    public WebLog log() {
        return log;
    }

    /** Changes the content of a generated page, and its validators. */
    public void change(String url) {
        requirePage(url);
        revisions.merge(Targets.canonicalUrl(url), 1, Integer::sum);
    }

    /** Removes a generated page: its status is 404 from now on. */
    public void remove(String url) {
        requirePage(url);
        revisions.put(Targets.canonicalUrl(url), GONE);
    }

    private void requirePage(String url) {
        if (map().page(url).isEmpty()) {
            throw new IllegalArgumentException("expected the URL of a generated page but was " + url);
        }
    }

    private WebResponse respond(Responder.Visit visit) {
        return map().responder(visit.asked())
                .map(responder -> responder.respond(visit))
                .orElseGet(() -> page(visit.asked()));
    }

    private WebResponse page(Asked asked) {
        int revision = revisions.getOrDefault(asked.url(), 0);
        if (revision == GONE) {
            return NOT_FOUND;
        }
        String etag = "\"r" + revision + "\"";
        String date = "Mon, 30 Nov 2026 12:%02d:00 GMT".formatted(revision % 60);
        return map().page(asked.url(), revision)
                .map(page -> isKnown(asked, etag, date) ? WebResponse.status(304) : WebResponse.html(WebMap.html(page)))
                .map(response -> response.with("ETag: " + etag).with("Last-Modified: " + date))
                .orElse(NOT_FOUND);
    }

    /** RFC 9110, section 13.2.2: a date only counts without an entity tag. */
    private static boolean isKnown(Asked asked, String etag, String date) {
        String known = asked.field("if-none-match");
        return known.isEmpty() ? asked.field("if-modified-since").equals(date) : known.equals(etag);
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
    }
}
