package dev.thrum.testkit;

import dev.thrum.engine.Connection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the log says of connections while this is open. */
final class ConnectionLogCapture implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.thrum.connections");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Formatter formatter = new SimpleFormatter();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            lines.add(formatter.formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    ConnectionLogCapture() {
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.FINE);
        logger.addHandler(handler);
    }

    /** Goes back to the level that is usual. */
    void mute() {
        logger.setLevel(Level.INFO);
    }

    /** The lines about the connection that this client has opened. */
    List<String> of(Connection client) {
        String port = ":" + client.local().getPort() + " ";
        return lines.stream().filter(line -> line.contains(port)).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(null);
        logger.setUseParentHandlers(true);
    }
}
