package dev.thrum.app.search;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.crawl.search.Hit;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.crawl.search.SearchPage;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.Router;
import dev.thrum.services.web.Endpoint;
import dev.thrum.services.web.Json;
import dev.thrum.services.web.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The pages of a crawl as a part of the web service, under {@code /search}: a page for people, JSON for programs. */
public final class SearchRoutes implements Routes, AutoCloseable {
    private static final String PATH = "/search";

    private final SearchIndex index;

    private SearchRoutes(SearchIndex index) {
        this.index = index;
    }

    /**
     * Opens the index of a crawl, which may still be going on.
     *
     * @throws IOException if there is none; the message has the reason
     */
    public static SearchRoutes open(Path crawl, Clock clock) throws IOException {
        LuceneLog.keepErrorsOnly();
        return new SearchRoutes(SearchIndex.open(crawl, clock));
    }

    private record Results(long total, int page, List<Result> results) {}

    private record Result(String url, String title, String snippet, float score) {
        static Result of(Hit hit) {
            return new Result(hit.url(), hit.title(), hit.snippet().text(), hit.score());
        }
    }

    @Override
    public void addTo(Router.Builder routes) {
        routes.get(PATH, this::search);
    }

    private Response search(Request request) throws Exception {
        String query = request.parameter("q").orElse("");
        int number = request.parameter("page").map(SearchRoutes::number).orElse(1);
        SearchPage found = request.offload(Offload.FILES, () -> index.search(query, number));
        return Json.isBrowser(request)
                ? new ResultsPage(PATH, query, found).response().with("Vary", "Accept")
                : Json.response(
                        200,
                        new Results(
                                found.total(),
                                number,
                                found.hits().stream().map(Result::of).toList()));
    }

    private static int number(String text) {
        int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > SearchPage.LAST) {
            throw HttpException.of(400, "Expected a page from 1 to " + SearchPage.LAST)
                    .blaming("page");
        }
        return number;
    }

    @Override
    public Map<String, String> endpoints() {
        return Map.of(PATH, "GET ?q=...&page=...: pages of a crawl");
    }

    @Override
    public Endpoint.Group group() {
        return new Endpoint.Group(
                "Search", "", List.of(Endpoint.get(PATH + "?q=word", "Pages of a crawl; a page for browsers.")));
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
