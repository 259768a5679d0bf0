package dev.thrum.http;

/** What stands before a handler: it answers itself, or lets the handler answer and perhaps changes that. */
@FunctionalInterface
public interface HttpFilter {
    Response apply(Request request, HttpHandler next) throws Exception;
}
