package dev.thrum.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Cell;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.LoadPoint;
import dev.thrum.measure.compare.Reading;
import dev.thrum.measure.compare.Round;
import dev.thrum.measure.compare.Setup;
import dev.thrum.measure.compare.WarmUp;
import dev.thrum.measure.report.ComparisonReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The report of a comparison in a real browser, from a file. */
@Timeout(180)
final class ComparisonPageIT {
    private static final List<LoadPoint> POINTS = List.of(
            new LoadPoint("saturation", 0, 64, true),
            new LoadPoint("50 %", 10_000, 64, true),
            new LoadPoint("70 %", 14_000, 64, true),
            new LoadPoint("90 %", 18_000, 64, true));

    @TempDir
    private Path folder;

    private Browser browser;

    @BeforeEach
    void open() {
        browser = Browser.open(folder);
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    /** Three engines of which the last is the fastest; the figures are made up. */
    private static Comparison comparison(int rounds) {
        List<Arm> arms = List.of(
                new Arm("threads", "threads", null),
                new Arm("virtual", "virtual", null),
                new Arm("events", "events", null),
                new Arm("threads again", "threads", "threads"));
        Setup setup = new Setup(
                "dev.example.a.handler.with.a.rather.long.name.and.many.packages.Handler",
                "quick",
                5,
                new Goal(Figure.LATENCY_P99, 50),
                3,
                2,
                Map.of("backlog", "1024"),
                "thrum compare --handler dev.example.Handler --jar handler.jar");
        Conditions conditions = new Conditions(
                "2026-01-31T12:00:00Z", "Example CPU", 2, 8L << 30, "Linux 6", "VM 25", List.of("-Xmx512m"), "0.1.0");
        SplittableRandom random = new SplittableRandom(11);
        Comparison comparison = Comparison.of(setup, conditions, arms)
                .withWarmUps(List.of(new WarmUp("events", 100, 20, Collections.nCopies(50, 900.0))), 3)
                .withPoints(List.of(), POINTS);
        for (int round = 0; round < rounds; round++) {
            List<Cell> cells = new ArrayList<>();
            for (Arm arm : arms) {
                double speed = arm.name().equals("events") ? 1.4 : 1;
                List<Reading> readings = POINTS.stream()
                        .map(point -> reading(point, speed * Math.exp(0.01 * random.nextGaussian())))
                        .toList();
                cells.add(new Cell(arm.name(), null, readings, Map.of(Figure.MEMORY, 140 / speed)));
            }
            comparison = comparison.withRound(new Round(cells));
        }
        return comparison;
    }

    private static Reading reading(LoadPoint point, double speed) {
        double p99 = (1 + point.rate() / 5_000) / speed;
        List<Double> curve = Reading.PERCENTILES.stream()
                .map(percentile -> p99 * (1 + percentile))
                .toList();
        Map<Figure, Double> figures = point.isClosed()
                ? Map.of(Figure.THROUGHPUT, 22_000 * speed)
                : Map.of(Figure.LATENCY_P50, p99 / 5, Figure.LATENCY_P99, p99, Figure.CPU_PER_REQUEST, 40 / speed);
        return new Reading(point.name(), figures, curve, List.of());
    }

    private String page(String name, Comparison comparison) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, ComparisonReport.of(comparison, null).html());
        return file.toUri().toString();
    }

    @Test
    void thePage_hasNoFaults_andNoMessages() throws IOException {
        browser.driver().get("data:text/html,<title>x</title><script>console.error('a message')</script>");
        assertThat(browser.messages()).as("messages of a page that has one").isNotEmpty();

        String page = page("good.html", comparison(5));
        browser.assertNoFaults(page);
        assertThat(browser.messages()).isEmpty();
        browser.assertNoFaults(page("short.html", comparison(1)));
        assertThat(browser.messages()).isEmpty();
    }

    @Test
    void theVerdict_isInTheFirstScreenOfAPhone() throws IOException {
        browser.resize(Browser.PHONE, 844);
        browser.driver().get(page("good.html", comparison(5)));

        assertThat(browser.driver().executeScript("return document.querySelector('h1').innerText"))
                .isEqualTo("Use events.");
        assertThat((Number) browser.driver()
                        .executeScript("return document.querySelector('.answer').getBoundingClientRect().bottom"))
                .extracting(Number::intValue)
                .satisfies(bottom -> assertThat(bottom).isBetween(100, 844));
    }

    /** Every picture has a size, marks or bars within its frame, and colours that differ from its background. */
    @Test
    void thePictures_arePresent() throws IOException {
        browser.driver().get(page("good.html", comparison(5)));

        String faults = String.valueOf(browser.driver().executeScript("""
                        const faults = [];
                        const pictures = [...document.querySelectorAll('figure svg, .row svg')];
                        if (pictures.length < 20) faults.push(`${pictures.length} pictures`);
                        for (const svg of pictures) {
                          const frame = svg.getBoundingClientRect();
                          const name = svg.getAttribute('aria-label');
                          if (frame.width < 100 || frame.height < 15) faults.push(`${name}: ${frame.width} x ${frame.height}`);
                          const marks = [...svg.querySelectorAll('.line, .bar, .mark')];
                          if (!marks.length) faults.push(`${name}: empty`);
                          for (const mark of marks) {
                            const box = mark.getBoundingClientRect();
                            if (box.left < frame.left - 5 || box.right > frame.right + 5
                                || box.top < frame.top - 5 || box.bottom > frame.bottom + 5)
                              faults.push(`${name}: outside of its frame`);
                            const style = getComputedStyle(mark);
                            const colour = style.fill === 'none' ? style.stroke : style.fill;
                            if (!colour.startsWith('rgb') || colour === 'rgb(0, 0, 0)') faults.push(`${name}: ${colour}`);
                          }
                        }
                        return faults.join('\\n');
                        """));
        assertThat(faults).isEmpty();
    }
}
