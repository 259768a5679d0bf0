package dev.thrum.http;

import dev.thrum.engine.ConnectionHandler.Refusal;

/**
 * How a server speaks.
 *
 * @param errors how errors are told
 * @param observer who is told of each exchange
 * @param proxies whom to believe who the client is
 */
public record HttpConfig(HttpLimits limits, ErrorFormat errors, ExchangeObserver observer, TrustedProxies proxies) {
    /** Default limits, errors as text, no observer, no proxies. */
    public static HttpConfig defaults() {
        return new HttpConfig(HttpLimits.defaults(), ErrorFormat.TEXT, ExchangeObserver.NOBODY, TrustedProxies.none());
    }

    public HttpConfig withLimits(HttpLimits value) {
        return new HttpConfig(value, errors, observer, proxies);
    }

    public HttpConfig withErrors(ErrorFormat value) {
        return new HttpConfig(limits, value, observer, proxies);
    }

    public HttpConfig withObserver(ExchangeObserver value) {
        return new HttpConfig(limits, errors, value, proxies);
    }

    public HttpConfig withProxies(TrustedProxies value) {
        return new HttpConfig(limits, errors, observer, value);
    }

    /** What a client is told that can't be served at all. */
    HttpException refusal(Refusal reason) {
        String message = switch (reason) {
            case SERVER_FULL, NO_WORKER -> "Server busy, try again later";
            case PEER_LIMIT -> "Too many connections from your address";
            case DRAINING -> "Server is shutting down";
        };
        return HttpException.of(503, message).with("Retry-After", "1");
    }
}
