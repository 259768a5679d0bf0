package dev.thrum.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.lab.scenario.Scenarios;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of scenarios, their sources, and those that compare times. */
final class ScenariosTest {
    @Test
    void all_areInTheOrderOfTheirRows_withNamesOfTheirOwn() {
        assertThat(Scenarios.all()).extracting(LabScenario::row).isSorted().contains(21, 30);
        assertThat(Scenarios.all()).extracting(LabScenario::name).doesNotHaveDuplicates();
    }

    /** So that they are read without a scroll bar, and within ten minutes. */
    @TestFactory
    Stream<DynamicTest> source_isThere_andShort() {
        return Scenarios.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> {
                    assertThat(scenario.source())
                            .first()
                            .isEqualTo("package " + Scenarios.class.getPackageName() + ";");
                    assertThat(scenario.source()).hasSizeLessThan(210);
                    for (Variant variant : scenario.variants()) {
                        List<String> part = Captions.listing(scenario, variant).lines();
                        assertThat(part).hasSizeLessThan(70);
                        assertThat(part)
                                .anyMatch(line -> line.contains(
                                        "class " + variant.program().getSimpleName() + " "))
                                .last()
                                .isEqualTo("    }");
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "async, 1, page and photo in 3.0 s, page and photo in 2.0 s",
        "downloads, 1, 3 downloads in 9.0 s, 3 downloads in 3.0 s",
        "downloads, 0.1, 3 downloads in 0.9 s, 3 downloads in 0.3 s",
        "requests, 1, 5 requests in 10.0 s, 5 requests in 2.0 s",
    })
    void times_onTheVirtualClock_areThoseOfTheWaits(String name, double scale, String first, String second) {
        List<String> times = new ArrayList<>();
        for (Variant variant : Scenarios.find(name).orElseThrow().variants()) {
            if (variant.isTimed()) {
                times.add(Exploring.onVirtualClock(variant.scaled(scale)));
            }
        }

        assertThat(times).containsExactly(first, second);
    }
}
