package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.Outcome.Content;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentTableTest {
    /** How the halves of contents are spread. */
    enum Spread {
        EVEN(bits -> bits),
        /** Many contents want the same place. */
        CLUSTERED(bits -> bits & 0x1f),
        /** Only the high bits differ. */
        HIGH(bits -> bits << 50);

        @SuppressWarnings("ImmutableEnumChecker") // It has no state.
        private final LongUnaryOperator low;

        Spread(LongUnaryOperator low) {
            this.low = low;
        }
    }

    @ParameterizedTest
    @EnumSource
    void table_underRandomCalls_isLikeAHashMap(Spread spread) {
        SplittableRandom random = new SplittableRandom(spread.name().hashCode());
        ContentTable table = new ContentTable();
        Map<Content, Long> expected = new HashMap<>();
        for (int i = 0; i < 6_000; i++) {
            Content content = new Content(random.nextInt(500), spread.low.applyAsLong(random.nextInt(8)));
            if (random.nextInt(4) == 0) {
                content = new Content(random.nextLong(), spread.low.applyAsLong(random.nextLong()));
            }
            assertThat(table.get(content)).isEqualTo(expected.getOrDefault(content, ContentTable.NONE));
            if (random.nextBoolean()) {
                long offset = random.nextLong(Long.MAX_VALUE);
                Long before = expected.putIfAbsent(content, offset);

                assertThat(table.putIfAbsent(content, offset)).isEqualTo(before == null ? ContentTable.NONE : before);
            }
        }
        expected.forEach((content, offset) -> assertThat(table.get(content)).isEqualTo(offset));
    }

    @ParameterizedTest
    @EnumSource
    void table_ofTheEmptyContentAndTheFirstOffset_keepsThem(Spread spread) {
        ContentTable table = new ContentTable();
        Content zero = new Content(0, spread.low.applyAsLong(0));

        assertThat(table.get(zero)).isEqualTo(ContentTable.NONE);
        assertThat(table.putIfAbsent(zero, 0)).isEqualTo(ContentTable.NONE);
        assertThat(table.get(zero)).isZero();
        assertThat(table.putIfAbsent(zero, 5)).isZero();
    }
}
