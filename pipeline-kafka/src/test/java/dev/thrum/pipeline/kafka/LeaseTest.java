package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.testkit.scripted.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private final HandClock clock = new HandClock(Instant.EPOCH);
    private final AtomicInteger answers = new AtomicInteger();
    private final Lease lease = new Lease(answers::get, Duration.ofSeconds(10), clock);

    private void answer() {
        answers.incrementAndGet();
        lease.look();
    }

    private void pass(int seconds) {
        clock.pass(Duration.ofSeconds(seconds));
    }

    @Test
    void lease_beforeTheFirstAnswer_isNotHeld_andNotOver() {
        pass(60);
        lease.look();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isOver()).isFalse();
    }

    @Test
    void lease_withAnswers_isHeld_forASessionAfterTheHeartbeatWasSent() {
        pass(1);
        answer();
        assertThat(lease.isHeld()).isTrue();
        // The first heartbeat was sent at 0 s or later.
        pass(8);
        assertThat(lease.isHeld()).isTrue();
        pass(1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isOver()).isTrue();
    }

    /** The second heartbeat was sent after the answer to the first, which the look at 0 s had not seen yet. */
    @Test
    void lease_isCountedFromTheLookBeforeTheAnswerBefore() {
        pass(3);
        lease.look();
        pass(1);
        answer();
        pass(2);
        answer();
        pass(6);
        assertThat(lease.isHeld())
                .as("12 s, of a heartbeat that was sent after 3 s")
                .isTrue();
        pass(1);
        assertThat(lease.isHeld()).as("13 s").isFalse();
    }

    /** A program that was stopped for longer than its session, and hears the answer to its next heartbeat. */
    @Test
    void lease_thatIsOver_isNotRevivedByAnAnswer() {
        answer();
        pass(60);
        assertThat(lease.isHeld()).isFalse();
        answer();
        assertThat(lease.isHeld()).isFalse();
        answer();
        assertThat(lease.isOver()).isTrue();
    }

    @Test
    void lease_thatTheBrokerHasEnded_isOver() {
        answer();
        lease.lose();
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isOver()).isTrue();
    }
}
