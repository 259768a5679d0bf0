package dev.thrum.engine;

import dev.thrum.base.AddressText;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The log of conversations: one line at level DEBUG for each client that connects, disconnects (with the reason) or is
 * refused, and for each connection that a handler was opened for. At other levels it costs one check of the level for each connection.
 */
final class ConnectionLog {
    private static final System.Logger LOG = System.getLogger("dev.thrum.connections");

    private ConnectionLog() {}

    /** Logs that a conversation has its connection; returns whether its end is to be logged too. */
    static boolean connected(Connection connection) {
        if (!LOG.isLoggable(Level.DEBUG)) {
            return false;
        }
        String how = connection.side() == Side.SERVED ? " connected to " : " opened from ";
        log(() -> name(connection) + how + AddressText.of(connection.local()));
        return true;
    }

    /**
     * Logs that a conversation is over.
     *
     * @param thrown the exception of its handler, if it threw one
     * @param aborted whether it was ended by another thread
     */
    static void disconnected(Connection connection, Optional<Throwable> thrown, boolean aborted) {
        log(() -> {
            ConnectionInfo info = connection.info();
            return name(connection) + " disconnected after " + info.age().toMillis() + " ms, " + info.bytesIn()
                    + " bytes in, " + info.bytesOut() + " bytes out: " + why(connection, thrown, aborted);
        });
    }

    /** Logs that a client was refused whose connecting was logged. */
    static void refused(Connection connection, String why) {
        log(() -> name(connection) + " refused: " + why);
    }

    /** Logs that a client was refused before it got a number. */
    static void refused(Wire wire, Refusal reason, Limits limits) {
        if (LOG.isLoggable(Level.DEBUG)) {
            log(() -> AddressText.of(wire.peer()) + " refused at " + AddressText.of(wire.local()) + ": "
                    + words(reason, limits));
        }
    }

    /** The reason for a refusal as text. */
    static String words(Refusal reason, Limits limits) {
        return switch (reason) {
            case SERVER_FULL -> "more than " + limits.maxConnections() + " connections";
            case PEER_LIMIT -> "more than " + limits.maxPerPeer() + " connections from its address";
            case NO_WORKER -> "no worker is free and the waiting line is full";
            case DRAINING -> "the server drains";
            case SLOW_CONSUMER -> "it reads too slowly";
        };
    }

    /** The reason for refusing a client for which no worker became free in time. */
    static String noWorkerWithin(Duration patience) {
        return "no worker for " + patience.toMillis() + " ms: the read deadline passed";
    }

    private static String why(Connection connection, Optional<Throwable> thrown, boolean aborted) {
        if (aborted) {
            return "cut off: the server was closed, or the time to drain was over";
        }
        Optional<Throwable> failure = thrown.filter(e -> !(e instanceof IOException));
        if (failure.isPresent()) {
            return "its handler failed: " + failure.get().getClass().getName();
        }
        Optional<Ending> ending = connection.life().ending();
        if (ending.isPresent() && ending.get().cause() != Ending.Cause.PEER_ENDED) {
            return ending.get().text(connection.side());
        }
        if (thrown.isPresent()) {
            return thrown.get() instanceof LineTooLongException e
                    ? "a line longer than " + e.maxBytes() + " bytes"
                    : "its handler ended: " + thrown.get().getMessage();
        }
        return ending.map(end -> end.text(connection.side()))
                .orElse(connection.isDraining() ? "its handler ended while the server drains" : "its handler ended");
    }

    private static String name(Connection connection) {
        return "connection " + connection.number() + ": " + AddressText.of(connection.peer());
    }

    /** Loggers and exceptions are foreign code: whatever they throw, the conversation must still be ended. */
    private static void log(Supplier<String> line) {
        try {
            LOG.log(Level.DEBUG, line.get());
        } catch (Throwable unloggable) {
            Conversation.LOG.log(Level.TRACE, "the end of a connection could not be logged");
        }
    }
}
