package dev.thrum.measure.load;

/**
 * What the generator, and whatever else runs on this machine, have used up to an instant.
 *
 * @param thread CPU time of the calling thread, in nanoseconds
 * @param process CPU time of this process, in nanoseconds
 * @param ticks what all processors have done, idling included, in ticks of 10 ms
 * @param stolen the part of them that a hypervisor gave to others
 * @param cpuPressure the time in which some thread waited for a processor, in microseconds; 0 if the kernel doesn't say
 * @param memoryPressure the time in which some thread waited for memory, likewise
 * @param throttled the time in which this control group was not allowed to run, in microseconds, likewise
 */
record Usage(
        long thread, long process, long ticks, long stolen, long cpuPressure, long memoryPressure, long throttled) {
    /** What was used since an earlier instant. */
    Usage since(Usage before) {
        return new Usage(
                thread - before.thread,
                process - before.process,
                ticks - before.ticks,
                stolen - before.stolen,
                cpuPressure - before.cpuPressure,
                memoryPressure - before.memoryPressure,
                throttled - before.throttled);
    }

    /** Reads it, on the thread of the load. */
    @FunctionalInterface
    interface Meter {
        Usage now();
    }
}
