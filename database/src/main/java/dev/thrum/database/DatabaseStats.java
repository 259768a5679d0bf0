package dev.thrum.database;

import java.time.Duration;

/**
 * The state of a database, and its counters since it was opened.
 *
 * @param threads number of threads now
 * @param running number of them that run a call
 * @param waiting calls that wait for a thread
 * @param oldest how long the oldest of these calls has waited; zero if none waits
 * @param calls accepted calls
 * @param overloaded calls that were refused because too many were waiting
 * @param commits transactions that wrote
 * @param committed calls in those transactions; more than commits where calls shared one (group commit)
 * @param retries repeated tries, after a conflict with another transaction or a lost connection
 */
public record DatabaseStats(
        int threads,
        int running,
        int waiting,
        Duration oldest,
        long calls,
        long overloaded,
        long commits,
        long committed,
        long retries) {}
