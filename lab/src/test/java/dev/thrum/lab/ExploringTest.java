package dev.thrum.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.lab.scenario.Scenarios;
import dev.thrum.simulation.explore.ExplorationReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the explorer says about each scenario. */
final class ExploringTest {
    private static Stream<LabScenario> hazards() {
        return Scenarios.all().stream().filter(LabScenario::hasHazard);
    }

    @TestFactory
    Stream<DynamicTest> broken_fails() {
        return hazards()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> {
                    ExplorationReport report =
                            Exploring.explore(scenario.variant(Variant.BROKEN).orElseThrow());

                    assertThat(report.findings()).isNotEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> fixed_isRightUnderEverySchedule() {
        return hazards()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> {
                    ExplorationReport report =
                            Exploring.explore(scenario.variant(Variant.FIXED).orElseThrow());

                    assertThat(report.findings()).isEmpty();
                    assertThat(report.exhausted()).isTrue();
                }));
    }

    /** Fails if a scenario or the search changes what there is to see: then the new counts go into the file, after a look at them. */
    @Test
    void counts_areThoseOfTheFile() throws IOException {
        String lines = hazards()
                .flatMap(scenario -> scenario.variants().stream()
                        .filter(variant -> !variant.isTimed())
                        .map(variant -> line(scenario, variant)))
                .collect(Collectors.joining("\n"));

        try (InputStream file = ExploringTest.class.getResourceAsStream("counts.txt")) {
            assertThat(lines)
                    .isEqualTo(new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    private static String line(LabScenario scenario, Variant variant) {
        ExplorationReport report = Exploring.explore(variant);
        String kind = Exploring.shortest(report)
                .map(finding -> finding.kind() + " " + finding.schedule())
                .orElse("right");
        return "%s %s: %s, %d schedules%s %s"
                .formatted(
                        scenario.name(),
                        variant.name(),
                        kind,
                        report.schedules(),
                        report.exhausted() ? "" : " and more",
                        new TreeMap<>(report.outcomes()));
    }
}
