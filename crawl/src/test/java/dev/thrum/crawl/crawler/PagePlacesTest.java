package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.frontier.Fingerprint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagePlacesTest {
    /** Also with the extremes, where the search for a place goes over the end of the table. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 767, 768, 769, 50_000})
    void page_isAtTheOnlyPlaceWithItsLines_howeverManyThereAre(int count) {
        SplittableRandom random = new SplittableRandom(count);
        Map<Fingerprint, Note.Place> expected = new HashMap<>();
        PagePlaces pages = new PagePlaces();
        for (int i = 0; i < count; i++) {
            long high = i < 20 ? -1L - i : i < 40 ? i - 20 : random.nextLong();
            Fingerprint fingerprint = new Fingerprint(high, random.nextLong());
            Note.Place lines = new Note.Place(i == 0 ? 0 : random.nextLong() >>> 1, random.nextLong() >>> 1);
            pages.add(fingerprint, lines, high + 1);
            expected.put(fingerprint, lines);
        }
        Set<Integer> places = new HashSet<>();
        expected.forEach((fingerprint, lines) -> {
            int place = pages.place(fingerprint);
            assertThat(places.add(place)).isTrue();
            assertThat(pages.lines(place)).isEqualTo(lines);
            assertThat(pages.words(place)).isEqualTo(fingerprint.high() + 1);
        });
        assertThat(places).hasSize(count);
        assertThat(pages.place(new Fingerprint(0x1234_5678_9abc_def0L, 1))).isEqualTo(PagePlaces.NONE);
    }
}
