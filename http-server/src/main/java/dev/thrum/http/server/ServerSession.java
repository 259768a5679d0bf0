package dev.thrum.http.server;

import dev.thrum.base.LiveRecords;
import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ExchangeHandler.Activity;
import dev.thrum.engine.ExchangeHandler.Session;
import dev.thrum.engine.Limits;
import dev.thrum.http.server.ServerExchange.Result;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one connection, one after the other; what is kept between two of them is here, and is little, because
 * most connections wait most of the time. Owned by the thread of the handler.
 *
 * <p>Between two requests a connection may end without a response (RFC 9112, 9.5), so its end needs no code.
 */
final class ServerSession implements Session {
    private final HttpServer server;
    private final Connection connection;

    /** The deadlines of the server's limits, for what takes the connection over. */
    private final Limits.Deadlines deadlines;

    // For reports of other threads.
    /** The exchange that is being served; null between two. */
    private volatile @Nullable ServerExchange current;

    /** The number of requests that have begun. */
    private long count;

    /** Reading of the clock when the last exchange ended. */
    private long ended;

    /** Whether the next request was pipelined: it begins when the one before it ends. */
    private boolean pipelined;

    /** Whether there was an empty line in place of a request. */
    private boolean emptyLineSeen;

    ServerSession(HttpServer server, Connection connection, Limits.Deadlines deadlines) {
        this.server = server;
        this.connection = connection;
        this.deadlines = deadlines;
    }

    @Override
    public boolean exchange() throws Exception {
        long begun = pipelined ? ended : connection.clock().nanoTime();
        ServerExchange exchange = new ServerExchange(server, connection, deadlines, count + 1, begun);
        Result result = LiveRecords.areKept() ? recorded(exchange) : exchange.serve(!emptyLineSeen);
        emptyLineSeen = result == Result.EMPTY_LINE;
        if (!emptyLineSeen) {
            count++;
        }
        ByteReader reader = connection.reader();
        pipelined = reader.position() < reader.limit();
        ended = exchange.ended();
        return result != Result.LAST;
    }

    private Result recorded(ServerExchange exchange) throws Exception {
        current = exchange;
        try {
            return exchange.serve(!emptyLineSeen);
        } finally {
            current = null;
        }
    }

    @Override
    public Optional<Activity> activity() {
        ServerExchange exchange = current;
        return exchange == null ? Optional.empty() : Optional.of(exchange.activity());
    }
}
