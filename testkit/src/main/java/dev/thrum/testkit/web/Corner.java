package dev.thrum.testkit.web;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of the web that belongs to one fault: a host for itself, or a folder of a host. It has an index page from which a crawl
 * finds the rest; the index of a folder is linked from the root of its host, that of a host is a seed. A fault fills it once, on the
 * thread that makes the map.
 *
 * <p>Paths are relative to the corner, without a slash in front; hrefs are values of attributes, escaped for HTML.
 */
public final class Corner {
    private final WebFault fault;
    private final WebMap map;
    private final int host;
    private final String prefix;
    private final List<String> links = new ArrayList<>();
    private final List<String> seeds = new ArrayList<>();
    private final List<Rest> rests = new ArrayList<>();
    private final List<Bound> bounds = new ArrayList<>();
    /** By URL. */
    private final Map<String, Expectation> expectations = new LinkedHashMap<>();

    Corner(WebFault fault, WebMap map, int host) {
        this.fault = fault;
        this.map = map;
        this.host = host;
        this.prefix = fault.ofHost() ? "/" : "/f/" + fault.name() + "/";
    }

    /** The index page. */
    public String index() {
        return url("");
    }

    /** The canonical URL of a path. */
    public String url(String path) {
        return Targets.canonicalUrl(origin() + path(path));
    }

    /** The path from the root of the host. */
    public String path(String path) {
        return prefix + path;
    }

    /** The origin of the host, such as {@code http://127.0.0.2:8080}. */
    public String origin() {
        return map.origin(host);
    }

    /** The host and port, such as {@code 127.0.0.2:8080}. */
    public String authority() {
        return map.authority(host);
    }

    /** The host's name or address without the port. */
    public String hostname() {
        return map.hostname(host);
    }

    /** A name below that of the host which is a name of the same host; only in plans with names. */
    public String subdomain(String label) {
        return origin().replace("http://", "http://" + label + ".");
    }

    public boolean hasNames() {
        return map.plan().named();
    }

    public int port() {
        return map.port();
    }

    /** The name of the crawler that rules and directives are addressed to. */
    public String agent() {
        return map.plan().agent();
    }

    /** The URL of a page on a host that exists but is not in the scope of the crawl. */
    public String outside(String path) {
        return map.origin(map.outsideHost()) + path(path);
    }

    /** The URL of this path on another host of the crawl. */
    public String elsewhere(String path) {
        return map.origin(other()) + "/f/" + fault.name() + "/" + path;
    }

    private int other() {
        return (host + 1) % map.plan().hosts();
    }

    /** The title of the page at this path. */
    public String title(String path) {
        return fault.name() + " " + path;
    }

    /** A page with these links and the title of this path. */
    public WebResponse html(String path, String... hrefs) {
        return WebResponse.html(source(path, hrefs));
    }

    /** The source of {@link #html}. */
    public String source(String path, String... hrefs) {
        return titled("", title(path), hrefs);
    }

    /**
     * The source of a page with this title.
     *
     * @param head the markup that its head begins with
     */
    public String titled(String head, String title, String... hrefs) {
        String escaped = title.replace("&", "&amp;").replace("<", "&lt;");
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html><head>")
                .append(head)
                .append("<title>")
                .append(escaped)
                .append("</title></head>\n<body><main><h1>")
                .append(escaped)
                .append("</h1>\n");
        for (String href : hrefs) {
            html.append("<p><a href=\"").append(href).append("\">link</a></p>\n");
        }
        return html.append("</main></body></html>\n").toString();
    }

    /** Links these from the index. */
    @CanIgnoreReturnValue
    public Corner link(String... hrefs) {
        Collections.addAll(links, hrefs);
        return this;
    }

    /** Responds to requests for this path; of several responses the n-th for the n-th request, and the last one from then on. */
    @CanIgnoreReturnValue
    public Corner put(String path, WebResponse... responses) {
        return put(path, Responder.of(responses));
    }

    @CanIgnoreReturnValue
    public Corner put(String path, Responder responder) {
        map.routes(host).put(path(path), responder);
        return this;
    }

    /** Responds to requests for all targets that begin with this path and have no response of their own. */
    @CanIgnoreReturnValue
    public Corner putBelow(String path, Responder responder) {
        map.routes(host).putBelow(path(path), responder);
        return this;
    }

    /** Responds to requests for {@link #elsewhere}. */
    @CanIgnoreReturnValue
    public Corner putElsewhere(String path, WebResponse response) {
        map.routes(other()).put("/f/" + fault.name() + "/" + path, Responder.of(response));
        return this;
    }

    /** Puts an ordinary page here, which the crawl must fetch once, and expects its title. */
    @CanIgnoreReturnValue
    public Corner page(String path, String... hrefs) {
        put(path, html(path, hrefs));
        return expect(Expectation.fetched(url(path)).title(title(path)));
    }

    /** Puts a response here, links it from the index, and expects this of it. */
    @CanIgnoreReturnValue
    public Corner faulty(String path, Expectation expected, WebResponse... responses) {
        return link(path).put(path, responses).expect(expected);
    }

    /** Puts ordinary pages that the index links, but that the crawl must not request. */
    @CanIgnoreReturnValue
    public Corner forbidden(Reason reason, String... paths) {
        for (String path : paths) {
            link(path).put(path, html(path)).expect(Expectation.skipped(url(path), reason));
        }
        return this;
    }

    /** Expects this; replaces what was expected of the same URL. */
    @CanIgnoreReturnValue
    public Corner expect(Expectation... all) {
        for (Expectation expectation : all) {
            expectations.put(expectation.url(), expectation);
        }
        return this;
    }

    /** Expects that its host is left alone for this time after the n-th response for a path. */
    @CanIgnoreReturnValue
    public Corner rest(String path, int visit, Duration least) {
        rests.add(new Rest(url(path), visit, least));
        return this;
    }

    /** Expects at most this many requests for URLs that begin with this path. */
    @CanIgnoreReturnValue
    public Corner bound(String path, int most) {
        bounds.add(new Bound(url(path), most));
        return this;
    }

    /** Makes this a seed in place of the index, which then exists only if the fault puts it. */
    @CanIgnoreReturnValue
    public Corner seed(String url) {
        seeds.add(url);
        return this;
    }

    /** Puts the index, unless there are other seeds; by default the crawl must fetch it once. */
    void finish() {
        if (!seeds.isEmpty()) {
            return;
        }
        if (map.routes(host).find(path("")).isEmpty()) {
            put("", html("index", links.toArray(String[]::new)));
        }
        expectations.putIfAbsent(index(), Expectation.fetched(index()));
    }

    List<String> seeds() {
        return seeds.isEmpty() && fault.ofHost() ? List.of(index()) : List.copyOf(seeds);
    }

    boolean isLinked() {
        return seeds.isEmpty() && !fault.ofHost();
    }

    List<Expectation> expectations() {
        return List.copyOf(expectations.values());
    }

    List<Rest> rests() {
        return List.copyOf(rests);
    }

    List<Bound> bounds() {
        return List.copyOf(bounds);
    }

    int host() {
        return host;
    }
}
