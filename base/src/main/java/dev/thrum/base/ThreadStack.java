package dev.thrum.base;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stack of another thread, or of an earlier moment, for the log. It is never thrown. It is a throwable because every
 * logger prints the stack of one as lines, a frame each, while line ends in a message are escaped.
 */
final class ThreadStack extends Throwable {
    private static final long serialVersionUID = 1L;

    ThreadStack(Thread thread, int deepest) {
        super(thread.getName());
        setStackTrace(Arrays.stream(thread.getStackTrace()).limit(deepest).toArray(StackTraceElement[]::new));
    }

    ThreadStack(String about, List<StackTraceElement> stack, @Nullable Throwable next) {
        super(about, next);
        setStackTrace(stack.toArray(StackTraceElement[]::new));
    }

    /** Keeps the given stack instead of that of the creating thread. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
