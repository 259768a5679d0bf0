package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ReplyRateTest {
    /** A clock that advances only when the test calls {@link #sleep}. */
    private static final class ManualClock implements Clock {
        private long now = Long.MAX_VALUE - 1_500_000_000L;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public void sleep(Duration duration) {
            now += duration.toNanos();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("this clock runs nothing");
        }
    }

    private final ManualClock clock = new ManualClock();
    private final ReplyRate rate = new ReplyRate(3, clock);

    private static InetAddress peer(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    @Test
    void replies_areLimitedPerPeerAndSecond_whenManyAreRequested() throws Exception {
        for (int second = 0; second < 4; second++) {
            for (int i = 0; i < 10; i++) {
                assertThat(rate.allows(peer(1))).isEqualTo(i < 3);
                assertThat(rate.allows(peer(2))).isEqualTo(i < 3);
            }
            clock.sleep(Duration.ofMillis(999));
            assertThat(rate.allows(peer(1))).isFalse();
            clock.sleep(Duration.ofMillis(1));
        }
    }

    @Test
    void memory_isBounded_whenPeersAreForged() throws Exception {
        int allowed = 0;
        for (int i = 0; i < 50_000; i++) {
            allowed += rate.allows(peer(i)) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(10_000);
        assertThat(rate.allows(peer(5))).as("a peer that is already counted").isTrue();
        clock.sleep(Duration.ofSeconds(1));
        assertThat(rate.allows(peer(40_000))).isTrue();
    }
}
