package dev.thrum.base;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The traits of a thread that foreign code may change, to be restored after it because the thread goes on to serve
 * another client. For engine implementations.
 *
 * <p>Thread-locals are not included: the JDK has no way to clear those of foreign code.
 */
public record ThreadTraits(
        Thread thread,
        String name,
        int priority,
        boolean interrupted,
        @Nullable ClassLoader contextClassLoader) {
    /** The traits of the calling thread. */
    public static ThreadTraits ofCurrent() {
        Thread thread = Thread.currentThread();
        return new ThreadTraits(
                thread, thread.getName(), thread.getPriority(), thread.isInterrupted(), thread.getContextClassLoader());
    }

    /** Restores them; called by the thread itself. */
    @SuppressWarnings("ThreadPriorityCheck") // The old priority is restored.
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
