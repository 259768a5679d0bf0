package dev.thrum.http.server;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.base.OffloadPool;
import dev.thrum.engine.Connection;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The connection of a request, as handlers see it.
 *
 * @param ids the prefix of the ids of all requests on this connection
 */
record ConnectionContext(Connection connection, TrustedProxies proxies, String ids) implements Request.Context {
    static ConnectionContext of(Connection connection, HttpConfig config) {
        return new ConnectionContext(connection, config.proxies(), config.ids() + connection.number() + "-");
    }

    @Override
    public InetSocketAddress peer() {
        return connection.peer();
    }

    @Override
    public InetAddress client(Headers headers) {
        return proxies.client(peer().getAddress(), headers);
    }

    @Override
    public String id(long number, Headers headers) {
        if (!proxies.isTrusted(peer().getAddress())) {
            return ownId(number);
        }
        List<String> given = headers.all("X-Request-Id");
        return given.size() == 1 && Request.isId(given.getFirst()) ? given.getFirst() : ownId(number);
    }

    /** The id that the server makes for the request of this number. */
    String ownId(long number) {
        return ids + number;
    }

    @Override
    public Clock clock() {
        return connection.clock();
    }

    @Override
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        try {
            return connection.offload(kind, task);
        } catch (OffloadPool.FullException e) {
            throw HttpException.of(503, "The server is busy, try again later").with("Retry-After", "1");
        }
    }
}
