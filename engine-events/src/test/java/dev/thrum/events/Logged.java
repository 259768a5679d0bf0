package dev.thrum.events;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Records the log of the engine while it is open. */
final class Logged implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;

    private final Logger logger = Logger.getLogger("dev.thrum.events");
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final Formatter formatter = new SimpleFormatter();
    private final Runnable before;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            before.run();
            String stack = entry.getThrown() == null
                    ? ""
                    : " " + Arrays.toString(entry.getThrown().getStackTrace());
            messages.add(entry.getLevel() + " " + formatter.formatMessage(entry) + stack);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Logged() {
        this(() -> {});
    }

    /** Runs an action in the thread that logs, before each message is recorded. */
    Logged(Runnable before) {
        this.before = before;
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Waits for a message, and drops those before it. */
    String await(Predicate<String> wanted) throws InterruptedException {
        for (String message = next(); message != null; message = next()) {
            if (wanted.test(message)) {
                return message;
            }
        }
        throw new AssertionError("expected a message in the log within " + TIMEOUT_SECONDS + " s but there was none");
    }

    private String next() throws InterruptedException {
        return messages.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** The messages that were neither awaited nor dropped. */
    List<String> rest() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
