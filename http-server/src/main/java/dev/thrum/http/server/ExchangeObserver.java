package dev.thrum.http.server;

/**
 * Is called after each exchange, on the thread of its handler, for metrics. Called by many threads at once; must be
 * quick and must not throw.
 */
@FunctionalInterface
public interface ExchangeObserver {
    /** Ignores all exchanges. */
    ExchangeObserver NOBODY = (method, route, status, nanos) -> {};

    /**
     * A response was written. Not called if writing it failed, for example because the client disconnected.
     *
     * @param method of the request; empty if its head was malformed
     * @param route the pattern of its route; empty if it had none
     * @param nanos nanoseconds from the first byte of the request until the response was written
     */
    void responded(String method, String route, int status, long nanos);
}
