package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A worker that is stopped between taking a task and starting it: the one moment that can't be reached through a whole
 * pool.
 */
@Timeout(60)
final class WorkerTest {
    private final WorkQueue<Task<?>> queue = new WorkQueue<>(1);
    private final List<Task<?>> tooLate = new ArrayList<>();

    @Test
    void perform_whenStoppedBeforeTheTaskBegins_handsItBackAndCountsItAsDone() throws Exception {
        try (WorkerPool pool = WorkerPool.platform("any", 1, 1)) {
            Worker worker = new Worker(
                    queue, Thread.ofPlatform().daemon().factory(), new WorkerPool.Place(pool, 0), tooLate::add);
            CountDownLatch began = new CountDownLatch(1);
            Task<String> task = new Task<>(
                    () -> {
                        began.countDown();
                        return "begun";
                    },
                    Task.Failures.HANDED_OVER);
            queue.put(task);
            assertThat(worker.stop()).as("thread to interrupt").isEmpty();
            worker.thread().start();
            assertThat(queue.join(Crew.LIMIT)).isTrue();
            queue.close();
            Crew.awaitEnd(worker.thread());
            assertThat(tooLate).isEqualTo(List.of(task));
            assertThat(began.getCount()).isOne();
            assertThat(worker.stop()).as("thread to interrupt").isEmpty();
        }
    }
}
