package dev.thrum.http;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The resources that one exchange holds, such as open files and permits for long listings. They are released when the
 * exchange ends: after the response was written, or after anything failed, and whether or not their response was sent,
 * because a filter may have replaced it.
 *
 * <p>Safe for concurrent use: an offloaded task may acquire something after its handler has stopped waiting for it.
 */
public final class ExchangeScope {
    private static final Held NOTHING = new Held(() -> {}, null);
    private static final Held ENDED = new Held(() -> {}, null);

    /** The resource acquired last; {@link #NOTHING} at first, {@link #ENDED} in the end, for good. */
    private final AtomicReference<Held> last = new AtomicReference<>(NOTHING);

    /** Releases a resource. Must not block for long. */
    @FunctionalInterface
    public interface Release {
        /**
         * Releases it. Called once, by the thread that ends the exchange, or by the caller of {@link #atEnd} after the
         * end.
         */
        void run() throws IOException;
    }

    // A class, because records are compared by their components.
    private static final class Held {
        final Release release;
        final @Nullable Held before;

        Held(Release release, @Nullable Held before) {
            this.release = release;
            this.before = before;
        }
    }

    /**
     * Registers a release, which runs once: at the end of the exchange, or at once if the exchange has ended. Releases
     * run in reverse order of their registration.
     *
     * @throws IOException if it ran at once and failed
     */
    public void atEnd(Release release) throws IOException {
        Held before = last.get();
        while (before != ENDED) {
            if (last.compareAndSet(before, new Held(release, before))) {
                return;
            }
            before = last.get();
        }
        release.run();
    }

    /**
     * Makes the exchange the owner of a resource from now on, such as an open file that its response sends: {@code var file
     * = request.scope().own(Files.newInputStream(path))}. The exchange closes it when it ends; closing it earlier, too,
     * does no harm.
     *
     * @return the resource; closed already if the exchange has ended
     * @throws IOException if the exchange has ended and closing failed
     */
    public <T extends Closeable> T own(T resource) throws IOException {
        atEnd(resource::close);
        return resource;
    }

    /**
     * Ends the scope: runs all releases, whatever one of them throws. Idempotent. For servers.
     *
     * @throws IOException the last one that a release threw; its cause if that was another exception
     */
    public void end() throws IOException {
        IOException failure = null;
        for (Held held = last.getAndSet(ENDED); held != null; held = held.before) {
            try {
                held.release.run();
            } catch (IOException e) {
                failure = e;
            } catch (Throwable e) {
                // The others must be released nevertheless.
                failure = new IOException("a resource of an exchange could not be released", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
