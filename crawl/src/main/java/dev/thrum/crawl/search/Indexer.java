package dev.thrum.crawl.search;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.base.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread that moves pending pages into the Lucene index.
 *
 * <p>It reads only what the crawl has confirmed: records before a checkpoint that is durable in the crawl's own journal. So
 * Lucene never has a page that the crawl could lose, no commit is ever ahead of the checkpoint that the index is opened
 * at, and one commit is enough. It doesn't matter when Lucene commits, nor where a crash hits it: a commit takes effect by one
 * rename, and it carries the position from which the pending records are read again.
 */
final class Indexer implements AutoCloseable {
    private enum Work {
        INDEX,
        COMMIT,
        END
    }

    private final Path folder;
    private final IndexTuning tuning;
    private final Clock clock;
    private final Thread thread = Threads.daemon("thrum-index", this::run);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Everything before this position may be indexed. */
    @GuardedBy("lock")
    private long confirmed;

    /** Everything before this position was read. */
    @GuardedBy("lock")
    private long read;

    @GuardedBy("lock")
    private boolean closing;

    @GuardedBy("lock")
    private @Nullable Throwable failure;

    /** Owned by the thread. */
    private final LuceneWriter writer;
    /** Owned by the thread. */
    private final PendingReader reader;
    /** When something was first read that is not committed; owned by the thread. */
    private long uncommittedSince;

    private Indexer(Path folder, LuceneWriter writer, long confirmed, IndexTuning tuning, Clock clock) {
        this.folder = folder;
        this.writer = writer;
        this.reader = new PendingReader(folder, writer.committed());
        this.read = writer.committed();
        this.confirmed = confirmed;
        this.tuning = tuning;
        this.clock = clock;
    }

    /** Starts the thread, which owns the writer from now on. */
    static Indexer start(Path folder, LuceneWriter writer, long confirmed, IndexTuning tuning, Clock clock) {
        Indexer indexer = new Indexer(folder, writer, confirmed, tuning, clock);
        indexer.thread.start();
        return indexer;
    }

    /**
     * Lets the thread index everything before a position. Waits while too much waits to be indexed.
     *
     * @throws IOException if the thread has failed
     */
    void confirm(long position) throws IOException {
        lock.lock();
        try {
            confirmed = Math.max(confirmed, position);
            changed.signalAll();
            while (failure == null && confirmed - read > tuning.backlog()) {
                changed.awaitUninterruptibly();
            }
            requireNoFailure();
        } finally {
            lock.unlock();
        }
    }

    /** Throws what has ended the thread, if anything has. */
    void check() throws IOException {
        lock.lock();
        try {
            requireNoFailure();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void requireNoFailure() throws IOException {
        if (failure != null) {
            throw new IOException(
                    "expected to index pages in " + folder + " but it failed: " + IoWords.of(failure), failure);
        }
    }

    private void run() {
        try (writer;
                reader) {
            Work work = next();
            while (work != Work.END) {
                if (work == Work.COMMIT) {
                    commit();
                } else {
                    index();
                }
                work = next();
            }
        } catch (Throwable e) {
            // Whatever it is, the crawl must hear of it, and must not wait for this thread.
            fail(e);
        }
    }

    /** Waits until there is something to do. */
    private Work next() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                boolean isCommitted = read == writer.committed();
                long left = isCommitted ? Long.MAX_VALUE : uncommittedSince + period() - clock.nanoTime();
                if (left <= 0 || read - writer.committed() >= tuning.commitBytes()) {
                    return Work.COMMIT;
                }
                if (read < confirmed) {
                    return Work.INDEX;
                }
                if (closing) {
                    return isCommitted ? Work.END : Work.COMMIT;
                }
                if (isCommitted) {
                    changed.await();
                } else {
                    long _ = clock.awaitNanos(changed, left);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long period() {
        return Clock.nanos(tuning.commitPeriod());
    }

    private void index() throws IOException {
        if (reader.position() == writer.committed()) {
            uncommittedSince = clock.nanoTime();
        }
        writer.apply(reader.next());
        lock.lock();
        try {
            read = reader.position();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void commit() throws IOException {
        writer.commit(reader.position());
        PendingFile.removeUpTo(folder, writer.committed());
    }

    private void fail(Throwable e) {
        lock.lock();
        try {
            failure = e;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Indexes and commits everything that is confirmed, and ends the thread.
     *
     * @throws IOException if it has failed
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.joinUninterruptibly(thread);
        check();
    }
}
