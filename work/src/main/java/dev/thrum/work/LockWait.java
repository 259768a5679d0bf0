package dev.thrum.work;

/**
 * The wait of a thread for a named lock; closed by that thread, when it has the lock or has given up.
 *
 * @param since by the clock of {@link LockWaits}
 * @param timed whether a time limit ends it
 */
record LockWait(NamedLock lock, Thread thread, long since, boolean timed) implements AutoCloseable {
    @Override
    public void close() {
        LockWaits.OF_PROGRAM.end(this);
    }
}
