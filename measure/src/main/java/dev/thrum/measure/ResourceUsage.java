package dev.thrum.measure;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What processes have used, by {@code getrusage(2)}. */
public final class ResourceUsage {
    private static final int SELF = 0;
    private static final int CHILDREN = -1;

    /** The size of {@code struct rusage}: two times of two longs each, and 14 longs. */
    private static final int LONGS = 18;

    /** The index of the voluntary context switches; the involuntary ones are next. */
    private static final int SWITCHES = 16;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private ResourceUsage() {}

    /**
     * The CPU time of this process's children that have ended, and of theirs, in user mode and in the kernel, in nanoseconds;
     * exact to the microsecond.
     */
    public static long cpuNanosOfEndedChildren() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = read(CHILDREN, arena);
            return nanos(usage, 0) + nanos(usage, 2);
        }
    }

    /** How often the threads of this process, ended ones included, gave up a core or were taken from it. */
    public static long contextSwitches() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = read(SELF, arena);
            return usage.getAtIndex(JAVA_LONG, SWITCHES) + usage.getAtIndex(JAVA_LONG, SWITCHES + 1);
        }
    }

    private static MemorySegment read(int who, Arena arena) {
        MemorySegment usage = arena.allocate(LONGS * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());
        if (Libc.getrusage(who, usage.address()) != 0) {
            throw new IllegalStateException("expected what processes have used but getrusage failed");
        }
        return usage;
    }

    private static long nanos(MemorySegment usage, int index) {
        return usage.getAtIndex(JAVA_LONG, index) * NANOS_PER_SECOND
                + usage.getAtIndex(JAVA_LONG, index + 1) * NANOS_PER_MICRO;
    }
}
