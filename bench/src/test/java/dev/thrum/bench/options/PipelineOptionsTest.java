package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineOptionsTest {
    @Test
    void arguments_always_replaceDefaults() {
        assertThat(PipelineOptions.defaults().with(List.of("--rounds", "3", "--items", "1000")))
                .isEqualTo(new PipelineOptions(3, 1000));
        assertThat(PipelineOptions.defaults().with(List.of())).isEqualTo(PipelineOptions.defaults());
    }

    @Test
    void argument_thatIsWrong_isRefused() {
        assertThatThrownBy(() -> PipelineOptions.defaults().with(List.of("--items", "0")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--items");
        assertThatThrownBy(() -> PipelineOptions.defaults().with(List.of("--window", "1")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("expected --rounds or --items");
    }
}
