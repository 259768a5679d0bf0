package dev.thrum.line;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ExchangeHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection handler from callbacks: each line is an exchange. */
record CallbackConnections(LineFormat format, Supplier<? extends LineHandler> handlers) implements ExchangeHandler {
    @Override
    public Session begin(Connection connection) throws Exception {
        Client client = new Client(new LineSession(connection, format), handlers.get());
        client.connected();
        return client;
    }

    @Override
    public byte[] refusal(Refusal reason) {
        return Lines.refusal(format, reason);
    }

    /** The callbacks of one client. Owned by the thread that runs its conversation. */
    private static final class Client implements Session {
        private final LineSession session;
        private final LineHandler handler;

        /** What a callback has thrown. */
        private @Nullable Throwable thrown;

        Client(LineSession session, LineHandler handler) {
            this.session = session;
            this.handler = handler;
        }

        void connected() throws Exception {
            try {
                handler.connected(session);
            } catch (Exception | Error e) {
                thrown = e;
                ended(Optional.of(e));
                throw e;
            }
        }

        @Override
        public boolean exchange() throws Exception {
            Optional<String> line = session.readLine();
            if (line.isEmpty()) {
                return false;
            }
            try {
                handler.received(session, line.get());
            } catch (Exception | Error e) {
                thrown = e;
                throw e;
            }
            return true;
        }

        @Override
        public boolean isOver() {
            return session.isClosing();
        }

        @Override
        public void ended(Optional<Throwable> reason) throws Exception {
            if (reason.isEmpty()) {
                handler.lost(session, reason);
                return;
            }
            lost(reason.get());
            if (reason.get() instanceof IOException fault && isClients(fault)) {
                Lines.explain(session, fault);
            }
        }

        /** For messages: the class that an author of a handler knows. */
        @Override
        public String toString() {
            return handler.getClass().getName();
        }

        /** Whether this client is at fault: a handler's own connections fail in the same ways. */
        private boolean isClients(IOException fault) {
            return !fault.equals(thrown)
                    || session.fault().filter(fault::equals).isPresent();
        }

        /** Calls the last callback; its own failure must not hide the reason that it is given. */
        private void lost(Throwable reason) {
            try {
                handler.lost(session, Optional.of(reason));
            } catch (RuntimeException | Error e) {
                if (!e.equals(reason)) {
                    reason.addSuppressed(e);
                }
            }
        }
    }
}
