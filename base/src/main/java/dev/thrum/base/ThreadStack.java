package dev.thrum.base;

import java.util.Arrays;

/**
 * The stack of another thread, for the log. It is never thrown. It is a throwable because every logger prints the
 * stack of one as lines, a frame each, while line ends in a message are escaped.
 */
final class ThreadStack extends Throwable {
    private static final long serialVersionUID = 1L;

    ThreadStack(Thread thread, int deepest) {
        super(thread.getName());
        setStackTrace(Arrays.stream(thread.getStackTrace()).limit(deepest).toArray(StackTraceElement[]::new));
    }

    /** Keeps the given stack instead of that of the creating thread. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
