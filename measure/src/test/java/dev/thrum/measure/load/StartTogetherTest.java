package dev.thrum.measure.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class StartTogetherTest {
    private final VirtualClock clock = new VirtualClock();

    private static CompletableFuture<Long> waiting(StartTogether start) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return start.await();
            } catch (IOException e) {
                throw new IllegalStateException(e.getMessage());
            }
        });
    }

    @Test
    void allThreads_getTheInstantOfTheLastOne() throws Exception {
        StartTogether start = new StartTogether(2, clock);
        CompletableFuture<Long> first = waiting(start);
        long now = clock.nanoTime();

        assertThat(start.await()).isEqualTo(now);
        assertThat(first.get()).isEqualTo(now);
    }

    @Test
    void threads_thatWait_failWithTheOneThatHasFailed_andSoDoLaterOnes() {
        StartTogether start = new StartTogether(3, clock);
        CompletableFuture<Long> first = waiting(start);
        start.fail(new IOException("no connection"));

        assertThatThrownBy(first::get).isInstanceOf(ExecutionException.class).hasMessageContaining("no connection");
        assertThatThrownBy(start::await).isInstanceOf(IOException.class).hasMessage("no connection");
    }
}
