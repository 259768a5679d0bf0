package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class InHandTest {
    @Test
    void nothingIsUnderWay_whenWhatWasAddedIsSettled() throws InterruptedException {
        InHand inHand = new InHand();
        inHand.add();
        inHand.add();
        assertThat(inHand.count()).isEqualTo(2);

        inHand.settled();
        assertThat(inHand.awaitNone(Deadline.in(Duration.ZERO, Clock.system()))).isFalse();
        inHand.settled();
        assertThat(inHand.awaitNone(Deadline.in(Duration.ZERO, Clock.system()))).isTrue();
    }
}
