package dev.thrum.pipeline.partitions;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import org.junit.jupiter.api.Test;

class MemoryPartitionsTest extends PartitionsContract {
    private final MemoryPartitions log = MemoryPartitions.of(3, Clock.system());

    @Override
    protected Partitions join() {
        return log.join();
    }

    @Override
    protected void expel(Partitions member, Runnable othersPoll) {
        log.expel(member);
    }

    @Test
    void of_withoutPartitions_isRefused() {
        assertThatThrownBy(() -> MemoryPartitions.of(0, Clock.system())).hasMessageContaining("at least 1 partition");
    }
}
