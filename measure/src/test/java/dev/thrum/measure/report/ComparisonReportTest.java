package dev.thrum.measure.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.ComparisonJson;
import dev.thrum.measure.compare.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reports say, in all forms. How the page looks is tested with a browser, in {@code app}. */
final class ComparisonReportTest {
    private static final Comparison SAMPLE = SampleComparison.of(5, 8, 0.01);

    @TempDir
    private Path folder;

    @Test
    void allForms_beginWithTheVerdict() {
        ComparisonReport report = ComparisonReport.of(SAMPLE, null);

        assertThat(report.text().getFirst()).isEqualTo("Use events.");
        assertThat(report.markdown()).startsWith("# Use events.\n\n* events against threads: ");
        assertThat(report.html()).contains("<h1>Use events.</h1>");
        assertThat(report.html().indexOf("<h1>")).isLessThan(report.html().indexOf("<h2>"));
        assertThat(report.json())
                .startsWith(
                        "{\"format\":\"thrum-compare-1\",\"verdict\":{\"headline\":\"Use events.\",\"kind\":\"ONE\"");
    }

    @Test
    void rateWithoutAResponse_isNamedSo() {
        assertThat(ComparisonReport.of(SAMPLE, null).markdown())
                .contains("24,000 (80.0 ms, missed), 28,000 (no response, missed)");
    }

    @Test
    void reports_haveTheirSectionsInOrder_andRawDataLast() {
        ComparisonReport report = ComparisonReport.of(SAMPLE, SampleComparison.of(5, 8, 0.02));
        List<String> titles = List.of(
                "Verdicts",
                "Compared with the baseline",
                "Throughput and latency",
                "Percentiles",
                "Costs",
                "Highest rate within the goal",
                "Warm-up",
                "The classic table",
                "Control (A/A)",
                "Rounds",
                "Methods",
                "Conditions",
                "Raw data");

        assertThat(found("(?m)^## (.*)$", report.markdown())).isEqualTo(titles);
        assertThat(found("<h2>(.*?)</h2>", report.html())).isEqualTo(titles);
        assertThat(report.text())
                .containsSubsequence("Verdicts", "Compared with the baseline", "Throughput and latency", "Costs")
                .doesNotContain("Percentiles", "Control (A/A)", "Methods", "Raw data")
                .hasSizeLessThan(120);
    }

    private static List<String> found(String pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void thePage_needsNothingElse() {
        String page = ComparisonReport.of(SAMPLE, null).html();

        assertThat(page).doesNotContain("https:", "src=", "@import", "url(");
        assertThat(found("<script([^>]*)>", page)).containsExactly(" type=\"application/json\" id=\"data\"");
        assertThat(found("href=\"([^\"]{5})", page)).containsOnly("data:");
        assertThat(page).doesNotContain("NaN", "Infinity", "null<");
    }

    @Test
    void theJson_isReadAgain_fromTheFileAndFromThePage() throws IOException {
        ComparisonReport report = ComparisonReport.of(SAMPLE, null);
        Path file = folder.resolve("result.json");
        Files.writeString(file, report.json());
        assertThat(ComparisonJson.read(file)).isEqualTo(SAMPLE);

        String page = report.html();
        int begin = page.indexOf("id=\"data\">") + "id=\"data\">".length();
        Files.writeString(file, page.substring(begin, page.indexOf("</script>", begin)));
        assertThat(ComparisonJson.read(file)).isEqualTo(SAMPLE);
    }

    @Test
    void changesSinceTheBaseline_areSaidAtTheBeginning() {
        Comparison old = SampleComparison.of(6, 8, 0.005);

        assertThat(ComparisonReport.of(SampleComparison.of(7, 8, 0.005), old).text())
                .anyMatch(line ->
                        line.startsWith("Compared with the baseline: better in nothing; worse in nothing; same in "));
        assertThat(ComparisonReport.of(SampleComparison.of(3, 8, 0.005), old).text())
                .anyMatch(line -> line.startsWith("Compared with the baseline: cannot tell, because now only 3 of 3"));
    }

    @Test
    void fewCpus_andInterruptions_areSaid() {
        List<String> text = ComparisonReport.of(SampleComparison.of(3, 2, 0.01).interrupted(), null)
                .text();

        assertThat(text)
                .first()
                .asString()
                .isEqualTo(
                        "No recommendation: only 3 of 3 rounds are complete and without a failure, where 4 are needed.");
        assertThat(text)
                .anyMatch(line -> line.startsWith("Ranking only: with 2 CPUs"))
                .contains("Interrupted after 3 of 5 rounds.");
    }

    /** Reports are made after each round and at each interrupt, so with whatever there is. */
    @Test
    void everyForm_isMade_howeverLittleWasMeasured() {
        Comparison empty = Comparison.of(SAMPLE.setup(), SAMPLE.conditions(), SAMPLE.arms());
        Comparison points = empty.withPoints(List.of(), SAMPLE.points());
        List<Comparison> all = new ArrayList<>(List.of(empty, points, points.withRound(new Round(List.of()))));
        all.add(points.withRound(new Round(List.of(Cell.failed("events", "it ended")))));
        for (int rounds = 0; rounds < 5; rounds++) {
            all.add(SampleComparison.of(rounds, 8, 0.01));
        }
        all.add(SampleComparison.of(5, 8, 0));
        for (Comparison comparison : all) {
            ComparisonReport report = ComparisonReport.of(comparison, null);
            assertThat(report.text()).isNotEmpty();
            assertThat(report.markdown()).doesNotContain("NaN", "Infinity");
            assertThat(report.html()).doesNotContain("NaN", "Infinity");
            assertThat(report.json()).doesNotContain("NaN", "Infinity");
        }
    }

    @Test
    void foreignText_isEscaped_inEachForm() {
        String evil = "</script><b>x|y\u001b[31m";
        Comparison comparison = SAMPLE.withRound(new Round(List.of(Cell.failed("events", evil))));
        ComparisonReport report = ComparisonReport.of(comparison, null);

        assertThat(report.html()).doesNotContain("</script><b>", "<b>x");
        assertThat(report.markdown()).contains("\\<b\\>x\\|y");
        assertThat(String.join("\n", report.text())).doesNotContain("\u001b");
    }

    @Test
    void baselines_ofAnotherMachine_areRefused() {
        Comparison other = SampleComparison.of(5, 4, 0.01);

        assertThatThrownBy(() -> ComparisonReport.of(SAMPLE, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a baseline with the same number of CPUs, which is 8,");
    }
}
