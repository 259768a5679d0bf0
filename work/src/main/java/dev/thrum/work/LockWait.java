package dev.thrum.work;

/**
 * The wait of a thread for a named lock.
 *
 * @param since by the clock of {@link LockWaits}
 * @param timed whether a time limit ends it
 */
record LockWait(NamedLock lock, Thread thread, long since, boolean timed) {}
