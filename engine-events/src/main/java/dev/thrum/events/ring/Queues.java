package dev.thrum.events.ring;

/**
 * Where the two queues of a ring are in memory, which the kernel shares. Heads and tails are 32-bit counters that wrap around.
 *
 * @param submissionHead the address of the number of entries that the kernel has taken
 * @param submissionTail of the number of entries that were submitted
 * @param submissionFlags of flags that the kernel sets
 * @param submissions how many entries the submission queue has, a power of two
 * @param entries the address of the first of them
 * @param completionHead the address of the number of completions that were handled
 * @param completionTail of the number of completions that the kernel has added
 * @param completions how many the completion queue has, a power of two
 * @param completed the address of the first of them
 */
record Queues(
        long submissionHead,
        long submissionTail,
        long submissionFlags,
        int submissions,
        long entries,
        long completionHead,
        long completionTail,
        int completions,
        long completed) {
    /** The size of an entry of the submission queue in bytes. */
    static final int ENTRY = 64;

    /** The size of a completion in bytes. */
    static final int COMPLETION = 16;
}
