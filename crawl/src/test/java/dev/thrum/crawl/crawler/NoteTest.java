package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.archive.PageRecord.Change;
import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.frontier.Frontier;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoteTest {
    @ParameterizedTest
    @EnumSource
    void parse_ofBytes_isTheSameNote(Note.Type type) {
        SplittableRandom random = new SplittableRandom(type.name().hashCode());
        for (int i = 0; i < 1_000; i++) {
            Note note = note(type, random);

            assertThat(Note.parse(note.bytes())).isEqualTo(note);
            assertThat(note.bytes()).hasSizeLessThanOrEqualTo(Frontier.LONGEST_NOTE);
        }
    }

    private static Note note(Note.Type type, SplittableRandom random) {
        List<Change> changes = List.of(Change.values());
        int change = random.nextInt(changes.size() + 1);
        Note.Mark mark = new Note.Mark(change == changes.size() ? null : changes.get(change), random.nextBoolean());
        Note.Place place = new Note.Place(random.nextLong(), random.nextLong());
        return switch (random.nextInt(3)) {
            case 0 -> new Note(type, mark, Note.Place.NONE, null, 0, 0, 0);
            case 1 -> new Note(type, mark, place, null, 0, 0, 0);
            default ->
                new Note(
                        type,
                        mark,
                        place,
                        new Content(random.nextLong(), random.nextLong()),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong());
        };
    }

    @Test
    void hashOf_differsForHostsThatDifferALittle() {
        assertThat(Note.hashOf("http://a.test")).isNotEqualTo(Note.hashOf("http://b.test"));
        assertThat(Note.hashOf("http://a.test")).isNotEqualTo(Note.hashOf("https://a.test"));
        assertThat(Note.hashOf("http://a.test")).isEqualTo(Note.hashOf("http://" + "a.test"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void kind_ofItsCode_isTheSameKind(boolean isSeed) {
        for (int level = 0; level <= Kind.MOST_LEVELS; level++) {
            for (int hops = 0; hops <= Kind.MOST_HOPS; hops++) {
                Kind kind = new Kind(isSeed, level, hops);

                assertThat(Kind.of(kind.code())).isEqualTo(kind);
            }
        }
    }
}
