package dev.thrum.base;

import java.io.IOException;

/** Steps on the disk that an interrupt must not end half-way: it would close the file. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** A step. */
    public interface Step<T> {
        T run() throws IOException;
    }

    /** Runs a step; if the thread was interrupted, it is again afterwards. */
    public static <T> T run(Step<T> step) throws IOException {
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
