package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The methods that never wait: for one item, and for several at once. */
@Timeout(60)
final class WorkQueueBulkTest {
    @Test
    void add_whenFull_returnsAtOnceWithoutTheItem() throws Exception {
        WorkQueue<String> queue = new WorkQueue<>(1);

        assertThat(queue.add("a")).isTrue();
        assertThat(queue.add("b")).isFalse();
        assertThat(queue.peek()).contains("a");
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.peek()).isEmpty();
        assertThat(queue.unfinished()).isEqualTo(1);
    }

    @Test
    void add_whenClosed_isRefused_andPollReturnsWhatIsLeft() {
        WorkQueue<String> queue = new WorkQueue<>(2);
        assertThat(queue.add("a")).isTrue();
        queue.close();
        List<String> taken = new ArrayList<>();

        assertThatExceptionOfType(QueueClosedException.class).isThrownBy(() -> queue.add("b"));
        assertThat(queue.poll(10, taken::add)).isEqualTo(1);
        assertThat(queue.poll(10, taken::add)).isZero();

        assertThat(taken).containsExactly("a");
    }

    @Test
    void poll_ofSeveral_takesTheOldestAndMakesRoomForAsManyPutters() throws Exception {
        WorkQueue<Integer> queue = new WorkQueue<>(3);
        List<Integer> taken = new ArrayList<>();
        CountDownLatch put = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            queue.put(i);
        }
        List<Thread> putters = new ArrayList<>();
        for (int i = 3; i < 6; i++) {
            int item = i;
            putters.add(Thread.ofVirtual().start(() -> {
                try {
                    queue.put(item);
                    put.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        while (!putters.stream().allMatch(putter -> putter.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }

        assertThat(queue.poll(3, taken::add)).isEqualTo(3);
        assertThat(put.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(taken).containsExactly(0, 1, 2);

        assertThat(queue.poll(2, taken::add)).isEqualTo(2);
        assertThat(queue.poll(2, taken::add)).isEqualTo(1);
        assertThat(queue.poll(2, taken::add)).isZero();
        assertThat(taken).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(queue.unfinished()).isEqualTo(6);
    }
}
