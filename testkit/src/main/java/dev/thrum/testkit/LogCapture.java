package dev.thrum.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what one logger logs while this is open, instead of the console. Safe for concurrent use. */
public final class LogCapture implements AutoCloseable {
    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Runnable onRecord;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
            onRecord.run();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Captures the logger of this name. */
    public LogCapture(String name) {
        this(name, () -> {});
    }

    /** Captures the logger named after this class. */
    public LogCapture(Class<?> source) {
        this(source.getName());
    }

    /** Captures the logger of this name; runs the action after each record, in the thread that logs. */
    public LogCapture(String name, Runnable onRecord) {
        this.logger = Logger.getLogger(name);
        this.onRecord = onRecord;
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    public List<LogRecord> records() {
        return records;
    }

    public List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /** The exceptions that were logged; null for a record without one. */
    public List<Throwable> thrown() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
