package dev.thrum.measure.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons as JSON files. */
final class ComparisonJsonTest {
    @TempDir
    private Path folder;

    private static Comparison full() {
        Histogram latency = new Histogram(3);
        for (int i = 1; i <= 1_000; i++) {
            latency.recordValue(i * 1_000_000L);
        }
        Reading reading = new Reading(
                "70 %", Map.of(Figure.LATENCY_P99, 990.0), Reading.curve(latency), List.of("the generator was late"));
        Comparison planted = new Planted(
                        1, 5, List.of(Planted.SATURATION, new LoadPoint("70 %", 700, 64, true)), "a", "b")
                .comparison(Planted.faster(1.1), Planted.normal(0.02));
        return planted.withPoints(
                        List.of(new HighestRate("a", 1_000, List.of(new HighestRate.Attempt(2_000, 70, false)))),
                        planted.points())
                .withWarmUps(List.of(new WarmUp("b", 100, 20, Collections.nCopies(30, 4.5))), 3)
                .withRound(new Round(List.of(
                        Cell.failed("a", "it said \"no\""),
                        new Cell("b", null, List.of(reading), Map.of(Figure.IDLE_CONNECTION, 0.0)))))
                .withClassic(new ClassicTable(
                        0.1, List.of(0.1, 0.3), List.of(new ClassicTable.Row(ClassicTable.Way.POOL, List.of(0.3)))))
                .interrupted();
    }

    @Test
    void aComparison_isReadAsItWasWritten() throws IOException {
        Path file = folder.resolve("old.json");
        Comparison comparison = full();
        Files.writeString(file, ComparisonJson.write(Map.of("headline", "Use b."), comparison));

        assertThat(ComparisonJson.read(file)).isEqualTo(comparison);
    }

    @Test
    void names_areThoseOfJson() {
        assertThat(ComparisonJson.write("", full()))
                .startsWith(
                        "{\"format\":\"thrum-compare-1\",\"verdict\":\"\",\"comparison\":{\"setup\":{\"workload\":\"echo\"")
                .contains("\"latency_p99\":990.0", "\"window_millis\":100", "\"is_judged\":true", "\"way\":\"pool\"")
                .contains("\"copy_of\":\"a\"", "\"failure\":\"it said \\\"no\\\"\"")
                .doesNotContain("closed");
    }

    @Test
    void otherFiles_areRefused_withOneLine() throws IOException {
        refused("{}", "its format isn't thrum-compare-1");
        refused("{", "expected the JSON of a comparison in ");
        refused("{\"format\":\"thrum-compare-1\"}", "expected the JSON of a comparison in ");
        String json = ComparisonJson.write("", full());
        refused(json.replace("\"arm\":\"b\"", "\"arm\":\"c\""), "but was c");
        refused(json.substring(0, json.length() / 2), "expected the JSON of a comparison in ");
        refused(json.replace("\"latency_p99\":990.0", "\"latency_p99\":-1"), "expected a finite p99 latency");
        assertThatThrownBy(() -> ComparisonJson.read(folder.resolve("missing.json")))
                .isInstanceOf(IOException.class)
                .hasMessage("expected the JSON of a comparison but there is no file " + folder.resolve("missing.json"));
    }

    private void refused(String json, String message) throws IOException {
        Path file = folder.resolve("bad.json");
        Files.writeString(file, json);
        assertThatThrownBy(() -> ComparisonJson.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("\n"));
    }
}
