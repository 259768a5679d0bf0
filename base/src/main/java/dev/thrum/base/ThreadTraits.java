package dev.thrum.base;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What other people's code may change about a thread of ours, to be put back behind it: the thread goes on to serve
 * somebody else. For who makes an engine.
 *
 * <p>Thread-locals are not among it: the JDK has no way to clear another's.
 */
public record ThreadTraits(
        Thread thread,
        String name,
        int priority,
        boolean interrupted,
        @Nullable ClassLoader contextClassLoader) {
    /** Those of the calling thread. */
    public static ThreadTraits ofCurrent() {
        Thread thread = Thread.currentThread();
        return new ThreadTraits(
                thread, thread.getName(), thread.getPriority(), thread.isInterrupted(), thread.getContextClassLoader());
    }

    /** Puts them back; called by the thread itself. */
    @SuppressWarnings("ThreadPriorityCheck") // It is put back to what it was.
    public void restore() {
        if (!thread.getName().equals(name)) {
            thread.setName(name);
        }
        if (thread.getPriority() != priority) {
            thread.setPriority(priority);
        }
        if (!Objects.equals(thread.getContextClassLoader(), contextClassLoader)) {
            thread.setContextClassLoader(contextClassLoader);
        }
        if (!interrupted) {
            boolean _ = Thread.interrupted();
        }
    }
}
