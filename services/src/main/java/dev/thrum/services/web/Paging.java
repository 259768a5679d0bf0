package dev.thrum.services.web;

import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.store.Page;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Pages of lists: {@code ?limit=&after=}, and a link to the next page (RFC 8288). */
final class Paging {
    /** Maximum number of elements in a response. */
    private static final int MOST = 1_000;

    /** Maximum number of digits of an id. */
    private static final String ID = "[1-9]\\d{0,17}";

    private Paging() {}

    /** The id, if the text is one. */
    static OptionalLong id(String text) {
        return text.matches(ID) ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /**
     * The page that a request asks for.
     *
     * @throws HttpException 400 if its query is malformed
     */
    static Page page(Request request) {
        int limit = request.parameter("limit")
                .map(Paging::limit)
                .orElse(Page.first().limit());
        OptionalLong after = request.parameter("after").map(Paging::after).orElse(OptionalLong.empty());
        return new Page(limit, after);
    }

    private static int limit(String text) {
        int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            throw HttpException.of(400, "Expected a limit from 1 to " + MOST).blaming("limit");
        }
        return limit;
    }

    private static OptionalLong after(String text) {
        OptionalLong after = id(text);
        if (after.isEmpty()) {
            throw HttpException.of(400, "Expected the id of the last element so far")
                    .blaming("after");
        }
        return after;
    }

    /** This page and one more element, which shows whether another page follows. */
    static Page andOneMore(Page page) {
        return new Page(page.limit() + 1, page.after());
    }

    /**
     * A response with a page, from a list with one more element than the page; with a link to the next page, if there
     * is one.
     */
    static <T> Response response(
            Request request, Page page, List<T> found, ToLongFunction<T> id, Function<T, ?> shown) {
        List<T> part = found.subList(0, Math.min(found.size(), page.limit()));
        Response response = Json.response(request, 200, part.stream().map(shown).toList());
        if (found.size() <= page.limit()) {
            return response;
        }
        String next = request.path() + "?limit=" + page.limit() + "&after=" + id.applyAsLong(part.getLast());
        return response.with("Link", "<" + next + ">; rel=\"next\"");
    }
}
