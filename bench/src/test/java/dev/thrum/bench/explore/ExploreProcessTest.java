package dev.thrum.bench.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExploreProcessTest {
    private static String[] ask(String line) {
        return ExploreProcess.perform(line.split(" ", -1)).split(" ", -1);
    }

    @Test
    void plainSearch_countsSchedulesAndSteps() {
        String[] figures = ask("plain Increments 1");

        assertThat(Long.parseLong(figures[0]))
                .isPositive()
                .satisfies(schedules -> assertThat(schedules % 3_432).isZero());
        assertThat(Long.parseLong(figures[1])).isEqualTo(14 * Long.parseLong(figures[0]));
    }

    @Test
    void switches_areTimed() {
        assertThat(Long.parseLong(ask("switches 1000")[0])).isPositive();
    }

    @Test
    void programsWithShortSchedules_areThoseOfTwoActorsAndFewSteps() {
        // A locked counter, and two philosophers too many.
        assertThat(ask("short 0/fixed")).containsExactly("true");
        assertThat(ask("short 27/fixed")).containsExactly("false");
    }

    @Test
    void exhausting_countsRunsOfTheSystematicSearch() {
        assertThat(ask("exhaust OwnCells")).startsWith("1", "0").endsWith("true");
        assertThat(ask("exhaust LocksInOrder")).startsWith("24", "0").endsWith("true");
    }

    @Test
    void finding_namesItsKind() {
        assertThat(ask("find 0/broken")).endsWith("invariant");
        assertThat(ask("find 0/fixed")).endsWith("nothing");
    }

    @Test
    void counting_endsAtTheLimit() {
        assertThat(ask("count OwnCells 1000")).containsExactly("1000", "false");
    }

    @Test
    void heap_isMeasuredAfterSchedules_ofWhichAboutHalfAreStuck() {
        String[] figures = ask("heap 2000");

        assertThat(Long.parseLong(figures[0])).isPositive();
        assertThat(Long.parseLong(figures[1])).isBetween(500L, 1_500L);
    }
}
