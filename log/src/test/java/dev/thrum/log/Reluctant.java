package dev.thrum.log;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that at first can't be started, as when the system has none left. */
final class Reluctant {
    private Reluctant() {}

    /** Starting a thread fails while the counter is above zero; each failure decrements it. */
    static ThreadFactory threads(AtomicInteger left) {
        return task -> {
            Thread thread = new Thread(task, "thrum-log") {
                @Override
                public void start() {
                    if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    super.start();
                }
            };
            thread.setDaemon(true);
            return thread;
        };
    }
}
