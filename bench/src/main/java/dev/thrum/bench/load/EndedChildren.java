package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.thrum.measure.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The CPU time of this process's children that have ended, and of theirs: {@code getrusage(RUSAGE_CHILDREN)}. */
public final class EndedChildren {
    private static final int CHILDREN = -1;

    /** The size of {@code struct rusage}: two times of two longs each, and 14 longs. */
    private static final int LONGS = 18;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private EndedChildren() {}

    /** In user mode and in the kernel, in nanoseconds; exact to the microsecond. */
    public static long cpuNanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(LONGS * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());
            if (Libc.getrusage(CHILDREN, usage.address()) != 0) {
                throw new IllegalStateException("expected the CPU time of ended children but getrusage failed");
            }
            return nanos(usage, 0) + nanos(usage, 2);
        }
    }

    private static long nanos(MemorySegment usage, int index) {
        return usage.getAtIndex(JAVA_LONG, index) * NANOS_PER_SECOND
                + usage.getAtIndex(JAVA_LONG, index + 1) * NANOS_PER_MICRO;
    }
}
