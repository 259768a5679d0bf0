package dev.thrum.services.data;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.services.Chat;
import dev.thrum.store.ChatEntries;
import dev.thrum.store.StoreSchema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A server of a chat, as a program of its own would run it. */
final class ChatNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Engine engine = Engine.virtual();
    private final Database database;
    private final SharedChat log;
    private final Server server;

    ChatNode(ChatDatabase on, SharedChat.Timing timing) throws IOException {
        database =
                StoreSchema.open(DatabaseConfig.of(on.source()).withThreads(3).withDeadline(Duration.ofSeconds(5)));
        log = new SharedChat(database, timing);
        server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Chat.over(log, 1, Duration.ZERO).handler(),
                Limits.defaults());
    }

    InetSocketAddress address() {
        return server.address();
    }

    ChatEntries entries() {
        return new ChatEntries(database);
    }

    /** A client that knows its name. */
    Connection connect() throws IOException {
        return engine.connect(server.address(), PATIENCE);
    }

    /** Ends without a word to the others, as if the program were killed: it can't reach its database any more. */
    void kill() {
        database.close();
    }

    /** Stops as {@code thrum serve} does. */
    void stop() throws InterruptedException {
        boolean _ = engine.shutdown(Duration.ofMillis(100));
        log.close(PATIENCE);
        boolean _ = database.shutdown(PATIENCE);
        close();
    }

    @Override
    public void close() {
        engine.close();
        log.close(Duration.ofMillis(100));
        database.close();
    }
}
