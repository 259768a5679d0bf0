package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.pipeline.Item;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window<String> window = new Window<>();

    private List<TopicDelivery<String>> add(long... offsets) {
        List<TopicDelivery<String>> added = LongStream.of(offsets)
                .mapToObj(offset ->
                        new TopicDelivery<>(Item.of("item-" + offset, "value"), 0, 0, offset, () -> true, () -> {}))
                .toList();
        added.forEach(window::add);
        return added;
    }

    @Test
    void commit_isTheOffsetOfTheOldestItemThatIsNotDone() {
        List<TopicDelivery<String>> items = add(5, 6, 7);
        assertThat(window.toCommit()).hasValue(5);
        window.sent(5);
        items.get(1).done();
        assertThat(window.toCommit()).as("6 is done, 5 is not").isEmpty();
        items.get(0).done();
        assertThat(window.toCommit()).hasValue(7);
        window.sent(7);
        items.get(2).done();
        assertThat(window.toCommit()).hasValue(8);
        assertThat(window.size()).isZero();
    }

    @Test
    void commit_thatHasFailed_isMadeAgain() {
        add(5).getFirst().done();
        window.sent(window.toCommit().orElseThrow());
        assertThat(window.toCommit()).isEmpty();
        window.notSent();
        assertThat(window.toCommit()).hasValue(6);
    }

    @Test
    void record_thatNeedsNoWork_isCommitted() {
        window.skip(3);
        assertThat(window.toCommit()).hasValue(4);
    }

    @Test
    void item_thatIsLost_neitherBegins_norIsDone() {
        TopicDelivery<String> item = add(1).getFirst();
        assertThat(item.loseIfWaiting()).isTrue();
        assertThat(item.begin()).isFalse();
        item.done();
        assertThat(item.isDone()).isFalse();
        assertThat(item.isHeld()).isFalse();
    }

    @Test
    void item_thatRuns_isLostOnlyInTheEnd() {
        TopicDelivery<String> item = add(1).getFirst();
        assertThat(item.begin()).isTrue();
        assertThat(item.begin()).as("twice").isFalse();
        assertThat(item.loseIfWaiting()).isFalse();
        assertThat(item.isHeld()).isTrue();
        item.lose();
        item.done();
        assertThat(item.isDone()).isFalse();
    }

    @Test
    void item_afterAFailedAttempt_mayBeginAgain() {
        TopicDelivery<String> item = add(1).getFirst();
        assertThat(item.begin()).isTrue();
        item.end();
        assertThat(item.begin()).isTrue();
    }
}
