package dev.thrum.services.web;

import dev.thrum.http.HtmlPage;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;

/** Serves {@code /favicon.ico}, which browsers request on their own, if the handler has nothing there. */
public final class Favicon implements HttpFilter {
    public static final String PATH = "/favicon.ico";

    @Override
    public Response apply(Request request, HttpHandler next) throws Exception {
        if (!request.path().equals(PATH)) {
            return next.handle(request);
        }
        try {
            return next.handle(request);
        } catch (HttpException e) {
            if (e.status() == 404) {
                return HtmlPage.icon();
            }
            throw e;
        }
    }
}
