package dev.thrum.http.server;

import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Request;

/**
 * The configuration of a server. Immutable.
 *
 * @param limits sizes of requests and the pace of clients
 * @param errors the format of error responses
 * @param observer is called after each exchange, for metrics
 * @param proxies the networks whose forwarded addresses and request ids are trusted
 * @param log receives a record of each response, for an access log
 * @param ids prefix of the request ids that this server makes, to tell them from those of other servers; letters,
 *     digits and {@code -._~:+/=@}, possibly empty
 */
public record HttpConfig(
        HttpLimits limits,
        ErrorFormat errors,
        ExchangeObserver observer,
        TrustedProxies proxies,
        ExchangeLog log,
        String ids) {
    public HttpConfig {
        if (!Request.isId(ids + "1")) {
            throw new IllegalArgumentException(
                    "expected a prefix of ids of letters, digits and -._~:+/=@ but was \"" + ids + "\"");
        }
    }

    /** Default limits, errors as plain text, no observer, no proxies, no log, no prefix of ids. */
    public static HttpConfig defaults() {
        return new HttpConfig(
                HttpLimits.defaults(),
                ErrorFormat.TEXT,
                ExchangeObserver.NOBODY,
                TrustedProxies.none(),
                ExchangeLog.NOBODY,
                "");
    }

    /** This configuration with other limits. */
    public HttpConfig withLimits(HttpLimits value) {
        return new HttpConfig(value, errors, observer, proxies, log, ids);
    }

    /** This configuration with another format of error responses. */
    public HttpConfig withErrors(ErrorFormat value) {
        return new HttpConfig(limits, value, observer, proxies, log, ids);
    }

    /** This configuration with another observer, in place of the one before. */
    public HttpConfig withObserver(ExchangeObserver value) {
        return new HttpConfig(limits, errors, value, proxies, log, ids);
    }

    /** This configuration with other trusted proxies. */
    public HttpConfig withProxies(TrustedProxies value) {
        return new HttpConfig(limits, errors, observer, value, log, ids);
    }

    /** This configuration with another log, in place of the one before. */
    public HttpConfig withLog(ExchangeLog value) {
        return new HttpConfig(limits, errors, observer, proxies, value, ids);
    }

    /** This configuration with another prefix of request ids. */
    public HttpConfig withIds(String value) {
        return new HttpConfig(limits, errors, observer, proxies, log, value);
    }

    boolean hasLog() {
        return !log.equals(ExchangeLog.NOBODY);
    }

    /** The error for a client that is refused before it can send a request. */
    HttpException refusal(Refusal reason) {
        String message = switch (reason) {
            case SERVER_FULL, NO_WORKER -> "Server busy, try again later";
            case PEER_LIMIT -> "Too many connections from your address";
            case DRAINING -> "Server is shutting down";
            case SLOW_CONSUMER -> "Read too slowly";
        };
        return HttpException.of(503, message).with("Retry-After", "1");
    }
}
