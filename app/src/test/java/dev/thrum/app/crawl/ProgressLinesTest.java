package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgressLinesTest {
    private static final int MB = 1 << 20;

    private final ProgressLines lines = new ProgressLines(0);

    private static Transfer transfer(String name, long total, long bytes) {
        Transfer transfer = new Transfer("http://example.org/" + name);
        transfer.started(name, total, 0);
        transfer.advanced(bytes);
        return transfer;
    }

    private static ProgressLines.Moment moment(int second, int ended, int files, Transfer... running) {
        return new ProgressLines.Moment(
                TimeUnit.SECONDS.toNanos(second), List.of(running), ended, files, 0, (long) ended * MB);
    }

    @Test
    void oneFile_hasItsShareRateAndTimeLeft() {
        Transfer file = transfer("a.iso", 100 * MB, 0);
        lines.at(moment(0, 0, 1, file), 100, 10);
        file.advanced(20 * MB);
        List<String> drawn = lines.at(moment(2, 0, 1, file), 100, 10);
        assertThat(drawn).singleElement().asString().hasSize(100).startsWith("a.iso      ");
        assertThat(drawn.getFirst()).endsWith(" [====>               ]  20%    20.0 MB    10.0 MB/s     0:08");
    }

    @Test
    void fileOfUnknownSize_hasNoShare() {
        Transfer file = transfer("a.iso", -1, 3 * MB);
        assertThat(lines.at(moment(1, 0, 1, file), 100, 10).getFirst())
                .startsWith("a.iso ")
                .contains("[                    ]", " 3.0 MB ")
                .doesNotContain("%", "=");
    }

    @Test
    void manyFiles_haveALineEachAsFarAsThereIsRoom_andOneForAll() {
        Transfer[] running = new Transfer[20];
        for (int i = 0; i < running.length; i++) {
            running[i] = transfer("file-" + i, MB, MB / 2);
        }
        List<String> drawn = lines.at(moment(10, 10, 50, running), 80, 6);
        assertThat(drawn).hasSize(6);
        assertThat(drawn.subList(0, 5)).allMatch(line -> line.startsWith("file-"));
        assertThat(drawn.getLast()).isEqualTo("10 of 50 files, 20 running, 20.0 MB, 1.9 MB/s, 0:40 left");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 20, 39, 48, 60, 200})
    void lines_areNeverWiderThanTheTerminal(int width) {
        Transfer wide = transfer("日本語".repeat(30), 1L << 50, 1L << 49);
        Transfer narrow = transfer("n".repeat(300), 5, 5);
        assertThat(lines.at(moment(3, 1, 30_000, wide, narrow), width, 10))
                .hasSize(3)
                .allSatisfy(line -> assertThat(Columns.of(line)).isLessThanOrEqualTo(width));
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "59, 0:59", "60, 1:00", "3599, 59:59", "3600, 1:00:00", "90061, 25:01:01", "-1, ''"})
    void clock_showsMinutesAndSeconds(long seconds, String shown) {
        assertThat(ProgressLines.clock(seconds)).isEqualTo(shown);
    }

    @Test
    void speed_forgetsWhatWasLongAgo() {
        Speed speed = new Speed(0, 0);
        long count = 0;
        for (int second = 1; second <= 30; second++) {
            count += second <= 10 ? 1_000 : 10;
            speed.at(TimeUnit.SECONDS.toNanos(second), count);
            if (second == 10) {
                assertThat(speed.perSecond()).isBetween(999.0, 1_001.0);
            }
        }
        assertThat(speed.perSecond()).isBetween(10.0, 15.0);
        assertThat(speed.secondsFor(100)).isBetween(7L, 10L);
    }
}
