package dev.thrum.http.server;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.base.OffloadPool;
import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.TlsInfo;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Request.Wakeup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The connection of a request, as handlers see it. Owned by the thread of the handler; any thread may wake it. */
final class ConnectionContext implements Request.Context {
    private final Connection connection;
    private final TrustedProxies proxies;

    /** The prefix of the ids of all requests; those of one connection follow with its number. */
    private final String ids;

    /** Watches the stream that is being written; null if there is none. */
    private @Nullable SilenceWatch watch;

    /**
     * The context of a connection.
     *
     * @param ids the prefix of the ids of all requests
     */
    ConnectionContext(Connection connection, TrustedProxies proxies, String ids) {
        this.connection = connection;
        this.proxies = proxies;
        this.ids = ids;
    }

    static ConnectionContext of(Connection connection, HttpConfig config) {
        return new ConnectionContext(connection, config.proxies(), config.ids());
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
    public Optional<TlsInfo> tls() {
        return connection.tls();
    }

    @Override
    public boolean isSecure(Headers headers) {
        return proxies.isSecure(peer().getAddress(), connection.tls().isPresent(), headers);
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
        return ids + connection.number() + "-" + number;
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

    @Override
    public Wakeup await(Duration patience) throws IOException {
        return watch == null ? awaited(patience) : watch.duringWait(() -> awaited(patience));
    }

    private Wakeup awaited(Duration patience) throws IOException {
        // A drain that begins later wakes the wait.
        boolean draining = connection.isDraining();
        Arrival arrival = connection.reader().awaitEnd(draining ? Duration.ZERO : patience);
        if (arrival == Arrival.END) {
            return Wakeup.CLIENT_GONE;
        }
        if (connection.isDraining()) {
            return Wakeup.DRAINING;
        }
        return arrival == Arrival.WOKEN ? Wakeup.WOKEN : Wakeup.TIME;
    }

    @Override
    public void wake() {
        connection.wake();
    }

    /** Begins a stream, whose writer is watched. */
    SilenceWatch watch(boolean mayCheckForEnd) {
        SilenceWatch begun = new SilenceWatch(connection, mayCheckForEnd);
        watch = begun;
        return begun;
    }

    /** Ends the stream; throws as {@link SilenceWatch#close}. */
    void endWatch(SilenceWatch begun) throws IOException {
        watch = null;
        begun.close();
    }
}
