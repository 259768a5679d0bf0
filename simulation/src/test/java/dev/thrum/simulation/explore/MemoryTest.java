package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The heap does not grow with the number of schedules, also when most of them end in a deadlock. */
// The programs are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "UnusedVariable"})
class MemoryTest {
    private static final int SCHEDULES = Boolean.getBoolean("thrum.soak") ? 1_000_000 : 60_000;

    /** About half of its schedules deadlock; one actor waits inside the JDK each time. */
    static final class Deadlocks implements Program {
        private final ReentrantLock left = new ReentrantLock();
        private final ReentrantLock right = new ReentrantLock();
        private final SynchronousQueue<Integer> queue = new SynchronousQueue<>();
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left), queue::take);
        }

        private void both(ReentrantLock first, ReentrantLock second) {
            x++;
            first.lock();
            second.lock();
            x++;
            second.unlock();
            first.unlock();
            x++;
        }
    }

    @Test
    void heap_staysFlat_whenThreadsAreLeftWaiting() {
        Explorer explorer =
                Explorer.of(Deadlocks.class).withSearch(Search.plain()).withFindings(Integer.MAX_VALUE);
        long few = heapAfter(explorer, SCHEDULES / 20);
        long many = heapAfter(explorer, SCHEDULES);

        assertThat(many).isLessThan(few * 11 / 10 + 1_000_000);
    }

    private static long heapAfter(Explorer explorer, int schedules) {
        ExplorationReport report =
                explorer.withBudget(schedules, Duration.ofMinutes(10)).explore();
        assertThat(report.schedules()).isEqualTo(schedules);
        assertThat(report.outcomes()).containsKey("stuck");
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
