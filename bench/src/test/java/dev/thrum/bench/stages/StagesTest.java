package dev.thrum.bench.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StagesTest {
    /** Each side counts what is done, and throws if it is not everything. */
    @ParameterizedTest
    @EnumSource
    void items_always_passAllStages(Stages stages) {
        assertThatCode(() -> stages.run(3_000, 2)).doesNotThrowAnyException();
        assertThat(Stages.named(stages.word())).isEqualTo(stages);
    }
}
