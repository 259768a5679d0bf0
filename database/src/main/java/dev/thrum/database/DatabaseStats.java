package dev.thrum.database;

/**
 * What a database does and has done.
 *
 * @param threads how many there are now
 * @param running how many of them serve a call
 * @param waiting calls that wait for one
 * @param calls that were handed in so far, those that were refused aside
 * @param overloaded calls that were refused because too many waited
 * @param commits transactions that wrote
 * @param committed calls that those held; more than commits where calls shared one
 * @param retries tries that were repeated because of another transaction or a lost connection
 */
public record DatabaseStats(
        int threads,
        int running,
        int waiting,
        long calls,
        long overloaded,
        long commits,
        long committed,
        long retries) {}
