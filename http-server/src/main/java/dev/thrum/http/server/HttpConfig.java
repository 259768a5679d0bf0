package dev.thrum.http.server;

import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Request;

/**
 * How a server speaks.
 *
 * @param errors how errors are told
 * @param observer who is told of each exchange
 * @param proxies whom to believe who the client is
 * @param log who keeps a record of each answer
 * @param ids what the ids of requests begin with, to tell them from those of other servers
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
                    "expected ids to begin with letters, digits and -._~ but was \"" + ids + "\"");
        }
    }

    /** Default limits, errors as text, no observer, no proxies, no log, ids without a beginning. */
    public static HttpConfig defaults() {
        return new HttpConfig(
                HttpLimits.defaults(),
                ErrorFormat.TEXT,
                ExchangeObserver.NOBODY,
                TrustedProxies.none(),
                ExchangeLog.NOBODY,
                "");
    }

    public HttpConfig withLimits(HttpLimits value) {
        return new HttpConfig(value, errors, observer, proxies, log, ids);
    }

    public HttpConfig withErrors(ErrorFormat value) {
        return new HttpConfig(limits, value, observer, proxies, log, ids);
    }

    public HttpConfig withObserver(ExchangeObserver value) {
        return new HttpConfig(limits, errors, value, proxies, log, ids);
    }

    public HttpConfig withProxies(TrustedProxies value) {
        return new HttpConfig(limits, errors, observer, value, log, ids);
    }

    public HttpConfig withLog(ExchangeLog value) {
        return new HttpConfig(limits, errors, observer, proxies, value, ids);
    }

    public HttpConfig withIds(String value) {
        return new HttpConfig(limits, errors, observer, proxies, log, value);
    }

    boolean hasLog() {
        return !log.equals(ExchangeLog.NOBODY);
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
