package dev.thrum.app.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.app.docs.Documentation;
import dev.thrum.app.docs.Documentation.Block;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.Scenarios;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares the pictures of {@code docs/lab.md} with what the commands print. A block that is out of date gets the new output of {@code thrum
 * lab} with the words after its fence.
 */
final class LabDocumentTest {
    private static final Map<String, String> WIDE = Map.of("COLUMNS", "100");

    private static List<Block> blocks() {
        return Documentation.blocks().stream()
                .filter(block -> block.document().equals("docs/lab.md"))
                .filter(block ->
                        block.language().equals("text") && !block.marker().isEmpty())
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> picture_isWhatTheCommandPrints() {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(block.marker(), () -> {
                    Ran ran = Ran.of(WIDE, ("lab " + block.marker()).split(" "));

                    assertThat(ran.out()).isEqualTo(block.text());
                }));
    }

    @Test
    void everyHazard_hasAPage() {
        assertThat(blocks())
                .extracting(Block::marker)
                .containsExactlyElementsOf(Scenarios.all().stream()
                        .filter(LabScenario::hasHazard)
                        .map(scenario -> "explore " + scenario.name() + " --broken")
                        .toList());
    }
}
