package dev.thrum.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange holds: open files, and room for long lists. It is given back when the exchange ends, however that is,
 * and whatever became of the responses that wanted it: a filter may have replaced one, or failed.
 *
 * <p>Safe for concurrent use: an offloaded task may take something when nobody waits for it any more.
 */
public final class ExchangeScope {
    private static final Held NOTHING = new Held(() -> {}, null);
    private static final Held ENDED = new Held(() -> {}, null);

    /** What was taken last, {@link #NOTHING}, or {@link #ENDED} for good. */
    private final AtomicReference<Held> last = new AtomicReference<>(NOTHING);

    /** Gives something back. */
    @FunctionalInterface
    public interface Release {
        void run() throws IOException;
    }

    // A class, for records are compared by what is in them.
    private static final class Held {
        final Release release;
        final @Nullable Held before;

        Held(Release release, @Nullable Held before) {
            this.release = release;
            this.before = before;
        }
    }

    /** Has this run once: at the end of the exchange, or now if that has ended. */
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

    /** Gives back all, even if one of them fails. Idempotent. */
    public void end() throws IOException {
        IOException failure = null;
        for (Held held = last.getAndSet(ENDED); held != null; held = held.before) {
            try {
                held.release.run();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
