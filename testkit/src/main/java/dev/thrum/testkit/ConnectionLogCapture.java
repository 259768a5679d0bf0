package dev.thrum.testkit;

import dev.thrum.engine.Connection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the log says of connections while this is open. */
final class ConnectionLogCapture implements AutoCloseable {
    private static final String NAME = "dev.thrum.connections";

    private final Logger logger = Logger.getLogger(NAME);
    private final LogCapture log = new LogCapture(NAME);

    ConnectionLogCapture() {
        logger.setLevel(Level.FINE);
    }

    /** Goes back to the level that is usual. */
    void mute() {
        logger.setLevel(Level.INFO);
    }

    /** The lines about the connection that this client has opened. */
    List<String> of(Connection client) {
        String port = ":" + client.local().getPort() + " ";
        return log.messages().stream().filter(line -> line.contains(port)).toList();
    }

    @Override
    public void close() {
        logger.setLevel(null);
        log.close();
    }
}
