package dev.thrum.http.server;

/** Who is told of each exchange, on its handler's thread; it must be quick and must not throw. */
@FunctionalInterface
public interface ExchangeObserver {
    /** Nobody. */
    ExchangeObserver NOBODY = (method, route, status, nanos) -> {};

    /**
     * An answer was written.
     *
     * @param method of the request; empty if its head was malformed
     * @param route the pattern of its route; empty if it had none
     * @param nanos from the first byte of the request that was seen until the answer was written
     */
    void answered(String method, String route, int status, long nanos);
}
