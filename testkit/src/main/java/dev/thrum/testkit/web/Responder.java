package dev.thrum.testkit.web;

import java.time.Instant;
import java.util.List;

/** Responds to the requests for one URL, or for all URLs with one prefix. */
@FunctionalInterface
public interface Responder {
    /** The response to a request; called on the thread of its connection, and by several threads at once. */
    WebResponse respond(Visit visit);

    /**
     * A request.
     *
     * @param number counts the requests for this URL, from 1
     * @param now by the engine's clock
     */
    record Visit(int number, Asked asked, Instant now) {}

    /** The first response for the first request, and so on; the last one for all that follow. */
    static Responder of(WebResponse... responses) {
        List<WebResponse> all = List.of(responses);
        return visit -> all.get(Math.min(visit.number(), all.size()) - 1);
    }
}
