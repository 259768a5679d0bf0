package dev.thrum.work;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this module logs while it is open, instead of on the console. */
final class LogCapture implements AutoCloseable {
    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
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
    private final Runnable onRecord;

    LogCapture() {
        this(() -> {});
    }

    LogCapture(Class<?> speaker) {
        this(speaker, () -> {});
    }

    /** The action is run in the thread that logs. */
    LogCapture(Runnable onRecord) {
        this(WorkerPool.class, onRecord);
    }

    private LogCapture(Class<?> speaker, Runnable onRecord) {
        this.logger = Logger.getLogger(speaker.getName());
        this.onRecord = onRecord;
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    List<LogRecord> records() {
        return records;
    }

    List<Throwable> thrown() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
