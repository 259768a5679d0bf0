package dev.thrum.measure;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/**
 * The CPU time of a whole process in nanoseconds, its ended threads included: Linux's CPU-time clock of the process.
 *
 * <p>It is the most exact figure that the kernel has: the time of a running thread is counted up to the last tick, at
 * most 4 ms ago. {@code /proc/PID/stat} has the same sum in steps of 10 ms; {@code /proc/PID/task/N/schedstat} omits
 * threads that have ended, needs a file for each running thread, and doesn't exist in every kernel.
 */
public final class CpuClock {
    /** The clock of the time given by the scheduler, for all threads of a process. */
    private static final int SCHEDULED = 2;

    /** The clock of the calling thread's CPU time. */
    private static final int OWN_THREAD = 3;

    private static final long NANOS = 1_000_000_000;

    private final long pid;
    private final int clock;
    private final MemorySegment time = Arena.global().allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());

    public CpuClock(long pid) {
        this.pid = pid;
        clock = (~(int) pid << 3) | SCHEDULED;
    }

    public long nanos() {
        return nanosIfRunning()
                .orElseThrow(
                        () -> new IllegalStateException("expected the CPU time of process " + pid + " but it is gone"));
    }

    /** The CPU time of the calling thread, in nanoseconds. */
    public static long ofThisThread() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = arena.allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());
            if (Libc.clockGettime(OWN_THREAD, own.address()) != 0) {
                throw new IllegalStateException("expected the CPU time of this thread but the system refused");
            }
            return nanos(own);
        }
    }

    /** The same; empty if the process has ended. */
    public OptionalLong nanosIfRunning() {
        return Libc.clockGettime(clock, time.address()) == 0 ? OptionalLong.of(nanos(time)) : OptionalLong.empty();
    }

    private static long nanos(MemorySegment time) {
        return time.get(JAVA_LONG, 0) * NANOS + time.get(JAVA_LONG, JAVA_LONG.byteSize());
    }
}
