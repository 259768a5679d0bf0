package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WaitingUrlsTest {
    private static final String HOST = "http://a.example";
    private static final int LENGTH = 50;

    private final WaitingUrls waiting = new WaitingUrls();

    private static long position(int number) {
        return Segment.position(1, 16 + LENGTH * number);
    }

    private void add(int number, int shape) {
        waiting.addLast(HOST, shape, position(number), LENGTH);
    }

    /** Takes all, which must be those with these numbers. */
    private void assertTaken(int... numbers) {
        for (int number : numbers) {
            assertThat(waiting.first(HOST)).isEqualTo(position(number));
            waiting.removeFirst(HOST, LENGTH);
        }
        assertThat(waiting.first(HOST)).isEqualTo(-1);
        assertThat(waiting.size()).isZero();
    }

    @Test
    void urlsThatFollowEachOther_shareEntries() {
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            add(i, 1);
        }

        assertThat(waiting.bytes()).isLessThan(count);
        assertThat(waiting.size(HOST)).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(waiting.first(HOST)).isEqualTo(position(i));
            waiting.removeFirst(HOST, LENGTH);
        }
        assertThat(waiting.size()).isZero();
    }

    @Test
    void urlsOfTwoShapes_thatFollowEachOther_shareNone() {
        for (int i = 0; i < 6; i++) {
            add(i, 1 + i % 2);
        }

        assertTaken(0, 1, 2, 3, 4, 5);
    }

    @Test
    void urlsWithAGapBetweenThem_shareNone() {
        add(0, 1);
        add(1, 1);
        add(3, 1);

        assertTaken(0, 1, 3);
    }

    @Test
    void anEntryThatIsUsedAgain_isNotContinued() {
        add(1, 1);
        waiting.removeFirst(HOST, LENGTH);
        waiting.addFirst(HOST, 1, position(9));
        add(2, 1);

        assertTaken(9, 2);
    }

    @Test
    void urlsThatWereMoved_areTakenWhereTheyAreNow() {
        add(0, 1);
        add(1, 1);
        add(2, 1);
        waiting.removeFirst(HOST, LENGTH);

        long[] found = waiting.within(1);
        assertThat(found).hasSize(1);
        int entry = (int) found[0];
        assertThat(waiting.count(entry)).isEqualTo(2);
        waiting.setPosition(entry, position(70));

        assertTaken(70, 71);
    }
}
