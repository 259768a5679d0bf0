package dev.thrum.line;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.DeadlineException.Kind;
import dev.thrum.engine.LineTooLongException;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Factories that turn line protocols of either style into connection handlers.
 *
 * <p>A client that breaks the rules gets a line with the reason before the connection closes: for a line too long, a
 * line not completed in time, or silence past the idle deadline. So does a client that can't be served.
 */
public final class Lines {
    private Lines() {}

    /** A connection handler from straight-line code; one conversation object serves all clients concurrently. */
    public static ConnectionHandler of(LineFormat format, LineConversation conversation) {
        return new LineConnections(format, conversation);
    }

    /**
     * A connection handler from callbacks; each client gets its own line handler from the supplier. Between two lines a
     * connection needs no thread ({@link dev.thrum.engine.ExchangeHandler}).
     */
    public static ConnectionHandler callbacks(LineFormat format, Supplier<? extends LineHandler> handlers) {
        return new CallbackConnections(format, handlers);
    }

    /** Tells the client why its conversation ends, if it has broken the rules. */
    static void explain(LineSession session, IOException fault) throws IOException {
        switch (fault) {
            case LineTooLongException e -> session.writeLine("Line too long: at most " + e.maxBytes() + " bytes.");
            case DeadlineException e when e.kind() == Kind.IDLE -> session.writeLine("Idle for too long, closing.");
            case DeadlineException e
            when e.kind() == Kind.READ -> session.writeLine("Line not completed in time, closing.");
            default -> {}
        }
    }

    /** What a client is told that is not served, or no longer. */
    static byte[] refusal(LineFormat format, Refusal reason) {
        String line = switch (reason) {
            case SERVER_FULL, NO_WORKER -> "Server busy, try again later.";
            case PEER_LIMIT -> "Too many connections from your address.";
            case DRAINING -> "Server is shutting down.";
            case SLOW_CONSUMER -> "You read too slowly, closing.";
        };
        return format.encode(line);
    }

    private record LineConnections(LineFormat format, LineConversation conversation) implements ConnectionHandler {
        @Override
        public void handle(Connection connection) throws Exception {
            LineSession session = new LineSession(connection, format);
            try {
                conversation.converse(session);
            } catch (IOException e) {
                // A handler's own connections fail in the same ways; only this client's faults are reported to it.
                if (session.fault().filter(e::equals).isPresent()) {
                    explain(session, e);
                }
                throw e;
            }
        }

        @Override
        public byte[] refusal(Refusal reason) {
            return Lines.refusal(format, reason);
        }
    }
}
