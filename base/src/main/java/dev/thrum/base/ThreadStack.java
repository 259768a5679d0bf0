package dev.thrum.base;

import java.util.Arrays;

/**
 * Where another thread is. It is never thrown: it is a throwable because every logger prints the stack of one as lines, a
 * frame each, while line ends within a message are escaped.
 */
final class ThreadStack extends Throwable {
    private static final long serialVersionUID = 1L;

    ThreadStack(Thread thread, int deepest) {
        super(thread.getName());
        setStackTrace(Arrays.stream(thread.getStackTrace()).limit(deepest).toArray(StackTraceElement[]::new));
    }

    /** The stack of the thread that makes it says nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
