package dev.thrum.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The CPU time of a whole process in nanoseconds, its ended threads included: Linux's CPU-time clock of that process.
 *
 * <p>Of the kernel's figures it is the most exact: a thread that runs is counted up to the last tick, 4 ms ago at most.
 * {@code /proc/PID/stat} tells the same sum in steps of 10 ms; {@code /proc/PID/task/N/schedstat} forgets threads that
 * have ended, takes a file for each that has not, and is not there in every kernel.
 */
final class CpuClock {
    /** The clock that counts what the scheduler gave, for all threads of a process. */
    private static final int SCHEDULED = 2;

    private static final long NANOS = 1_000_000_000;

    private final long pid;
    private final int clock;
    private final MemorySegment time = Arena.global().allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());

    CpuClock(long pid) {
        this.pid = pid;
        clock = (~(int) pid << 3) | SCHEDULED;
    }

    long nanos() {
        if (Libc.clockGettime(clock, time.address()) != 0) {
            throw new IllegalStateException("expected the CPU time of process " + pid + " but it is gone");
        }
        return time.get(JAVA_LONG, 0) * NANOS + time.get(JAVA_LONG, JAVA_LONG.byteSize());
    }
}
