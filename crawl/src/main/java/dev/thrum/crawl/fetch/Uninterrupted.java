package dev.thrum.crawl.fetch;

import java.io.IOException;

/** Steps on the disk that an interrupt must not end half-way: it would close the file. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** A step. */
    interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step; if the thread was interrupted, it is again afterwards. */
    static <T> T run(Step<T> step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return step.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
