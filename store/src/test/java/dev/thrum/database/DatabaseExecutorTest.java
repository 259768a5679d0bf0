package dev.thrum.database;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Deadline;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The threads of an executor while the system can start none. */
@ExtendWith(LeakCheck.class)
final class DatabaseExecutorTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int THREADS = 3;

    @Test
    void threadThatCannotBeStarted_isStartedLater_andNoCallFails(@TempDir Path folder) throws InterruptedException {
        Site site = new Site(Kind.SQLITE, folder);
        site.open().close();
        AtomicInteger failures = new AtomicInteger(5);
        ThreadFactory factory = task -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Thread.ofPlatform().daemon().unstarted(task);
        };
        DatabaseExecutor executor = new DatabaseExecutor(
                new DatabaseExecutor.Shape("thrum-db-reader", true, THREADS, 100, LONG),
                site.source().dialect(),
                (call, pool, _) -> {
                    try {
                        call.run(pool.ready());
                        call.acknowledge();
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                },
                factory);
        DeadlineWatch watch = new DeadlineWatch("thrum-db-deadlines", executor::growIfShort);
        CountDownLatch together = new CountDownLatch(THREADS);
        List<Call<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Call<Integer> call = new Call<>(
                    CallKind.SNAPSHOT,
                    _ -> {
                        together.countDown();
                        Waits.await(together);
                        return 7;
                    },
                    LONG);
            calls.add(call);
            assertThat(executor.offer(call)).isTrue();
        }

        calls.forEach(call -> assertThat(get(call.future())).isEqualTo(7));
        assertThat(executor.threads())
                .extracting(Thread::getName)
                .containsExactly("thrum-db-reader-1", "thrum-db-reader-2", "thrum-db-reader-3");
        executor.giveUp();
        assertThat(executor.awaitEnd(Deadline.in(LONG))).isTrue();
        watch.close();
    }
}
