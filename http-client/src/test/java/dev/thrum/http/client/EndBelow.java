package dev.thrum.http.client;

import dev.thrum.engine.Connection;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.lang.reflect.Method;

/** Ends the stream below an encrypted connection, as somebody on the way can. */
final class EndBelow {
    private EndBelow() {}

    static void of(Connection connection) throws IOException {
        try {
            Method wire = Connection.class.getDeclaredMethod("wire");
            wire.setAccessible(true);
            ((Wire) wire.invoke(connection)).base().shutdownOutput();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("expected a connection with a wire", e);
        }
    }
}
