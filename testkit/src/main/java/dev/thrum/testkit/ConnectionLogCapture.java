package dev.thrum.testkit;

import dev.thrum.engine.Connection;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Collects the log lines about connections while it is open. */
final class ConnectionLogCapture implements AutoCloseable {
    private static final String NAME = "dev.thrum.connections";

    private final Logger logger = Logger.getLogger(NAME);
    private final LogCapture log = new LogCapture(NAME);

    ConnectionLogCapture() {
        logger.setLevel(Level.FINE);
    }

    /** Restores the default level. */
    void mute() {
        logger.setLevel(Level.INFO);
    }

    /** The lines about the connection of this client. */
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
