package dev.thrum.testkit.web;

import dev.thrum.testkit.web.Tree.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All URLs of a plan whose hosts listen on one port: the pages with their content, and the required results of a crawl.
 * Never changes after it is made; safe for concurrent use.
 *
 * <p>The hosts with generated pages come first, then one outside of every crawl's scope, then those of the faults that need a host for
 * themselves.
 */
public final class WebMap {
    private static final int HTTP_PORT = 80;
    private static final Responder NO_RULES = Responder.of(WebResponse.text("User-agent: *\nDisallow:\n"));

    private final WebPlan plan;
    private final int port;
    private final Tree tree;
    private final List<Routes> routes = new ArrayList<>();
    private final List<Corner> corners = new ArrayList<>();
    /** The generated pages by their URLs. */
    private final Map<String, Place> places = new HashMap<>();

    WebMap(WebPlan plan, int port) {
        this.plan = plan;
        this.port = port;
        IntStream.rangeClosed(0, plan.hosts()).forEach(_ -> routes.add(new Routes()));
        List<String> origins =
                IntStream.range(0, plan.hosts()).mapToObj(this::origin).toList();
        this.tree = new Tree(plan, origins);
        for (int host = 0; host < plan.hosts(); host++) {
            for (int page = 0; page < plan.pages(); page++) {
                Place place = new Place(host, page);
                places.put(tree.url(place), place);
            }
        }
        for (WebFault fault : plan.faults()) {
            addCorner(fault);
        }
    }

    private void addCorner(WebFault fault) {
        int host = corners.size() % plan.hosts();
        if (fault.ofHost()) {
            host = routes.size();
            routes.add(new Routes());
        }
        Corner corner = new Corner(fault, this, host);
        fault.recipe().make(corner);
        corner.finish();
        corners.add(corner);
    }

    public WebPlan plan() {
        return plan;
    }

    public int port() {
        return port;
    }

    /** The roots of all hosts in the scope of a crawl, and further seeds of the faults. */
    public List<String> seeds() {
        List<String> seeds = new ArrayList<>();
        for (int host = 0; host < plan.hosts(); host++) {
            seeds.add(origin(host) + "/");
        }
        corners.forEach(corner -> seeds.addAll(corner.seeds()));
        return List.copyOf(seeds);
    }

    /** The hosts with generated pages, each with its port. */
    public List<String> hosts() {
        return IntStream.range(0, plan.hosts()).mapToObj(this::authority).toList();
    }

    /** The host that exists but is in no scope, with its port. */
    public String outside() {
        return authority(outsideHost());
    }

    /** The generated pages, host by host. */
    public Stream<PlannedPage> pages() {
        return IntStream.range(0, plan.hosts())
                .boxed()
                .flatMap(host -> IntStream.range(0, plan.pages())
                        .mapToObj(page -> tree.page(new Place(host, page), 0))
                        .map(page -> withCorners(host, page)));
    }

    /** The generated page with this URL; empty if there is none. */
    public Optional<PlannedPage> page(String url) {
        return page(url, 0);
    }

    /**
     * The page after it was changed this often.
     *
     * @param revision 0 for the page as it is planned
     */
    public Optional<PlannedPage> page(String url, int revision) {
        Place place = places.get(Targets.canonicalUrl(url));
        return place == null ? Optional.empty() : Optional.of(withCorners(place.host(), tree.page(place, revision)));
    }

    /** A URL in the form in which equal ones are found: no unreserved character encoded, no fragment. */
    public static String canonical(String url) {
        return Targets.canonicalUrl(url);
    }

    /** The source of a page. */
    public static String html(PlannedPage page) {
        return Tree.html(page);
    }

    /** The root of a host links the faults on it. */
    private PlannedPage withCorners(int host, PlannedPage page) {
        if (!page.url().equals(origin(host) + "/")) {
            return page;
        }
        List<PlannedLink> links = new ArrayList<>(page.links());
        for (Corner corner : corners) {
            if (corner.host() == host && corner.isLinked()) {
                links.add(new PlannedLink(corner.path(""), corner.index(), "fault"));
            }
        }
        return new PlannedPage(page.url(), page.title(), page.marker(), links, page.text());
    }

    /** The required results of a crawl for the URLs of the faults. */
    public List<Expectation> expectations() {
        return corners.stream()
                .flatMap(corner -> corner.expectations().stream())
                .toList();
    }

    /** How long a crawl must leave hosts alone. */
    public List<Rest> rests() {
        return corners.stream().flatMap(corner -> corner.rests().stream()).toList();
    }

    /** The maximum numbers of requests for the parts of the web that have no end. */
    public List<Bound> bounds() {
        return corners.stream().flatMap(corner -> corner.bounds().stream()).toList();
    }

    /** The generated pages that a crawl from all seeds finds within a scope, with their depths. */
    public Map<String, Integer> generated(Predicate<String> scope) {
        Map<String, Integer> depths = new LinkedHashMap<>();
        Queue<Place> queue = new ArrayDeque<>();
        for (int host = 0; host < plan.hosts(); host++) {
            visit(new Place(host, 0), 0, scope, depths, queue);
        }
        for (Place place = queue.poll(); place != null; place = queue.poll()) {
            int depth = depths.getOrDefault(tree.url(place), 0);
            for (Place target : tree.targets(place)) {
                visit(target, depth + 1, scope, depths, queue);
            }
        }
        return depths;
    }

    private void visit(
            Place place, int depth, Predicate<String> scope, Map<String, Integer> depths, Queue<Place> queue) {
        String url = tree.url(place);
        if (scope.test(url) && depths.putIfAbsent(url, depth) == null) {
            queue.add(place);
        }
    }

    /** The URLs that an undisturbed crawl from all seeds must request, within a scope and without limits. */
    public List<String> reachable(Predicate<String> scope) {
        return Stream.concat(
                        generated(scope).keySet().stream(),
                        expectations().stream()
                                .filter(expected -> expected.atLeast() > 0 && scope.test(expected.url()))
                                .map(Expectation::url))
                .distinct()
                .toList();
    }

    Routes routes(int host) {
        return routes.get(host);
    }

    int hostCount() {
        return routes.size();
    }

    int outsideHost() {
        return plan.hosts();
    }

    String hostname(int host) {
        return plan.named() ? WebHosts.name(host) : WebHosts.literal(host);
    }

    String authority(int host) {
        return hostname(host) + (port == HTTP_PORT ? "" : ":" + port);
    }

    String origin(int host) {
        return "http://" + authority(host);
    }

    /** The responder for a request; empty if only a generated page can be meant. */
    Optional<Responder> responder(Asked asked) {
        String authority = asked.host();
        int colon = authority.lastIndexOf(':');
        OptionalInt host = WebHosts.number(colon < 0 ? authority : authority.substring(0, colon));
        if (host.isEmpty() || host.getAsInt() >= routes.size()) {
            return Optional.empty();
        }
        String target = Targets.canonical(asked.target());
        return routes.get(host.getAsInt())
                .find(target)
                .or(() -> target.equals("/robots.txt") ? Optional.of(NO_RULES) : Optional.empty());
    }
}
