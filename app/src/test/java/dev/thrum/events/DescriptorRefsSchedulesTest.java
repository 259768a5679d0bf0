package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@link DescriptorRefs} under every schedule: the descriptor is closed once, and by nobody while it is in use. */
class DescriptorRefsSchedulesTest {
    static final class UseAgainstClose implements Program {
        private final DescriptorRefs refs = new DescriptorRefs();
        private final AtomicInteger closed = new AtomicInteger();
        private final AtomicInteger used = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(this::use, this::use, () -> closeIf(refs.close()));
        }

        private void use() {
            if (refs.enter()) {
                assertThat(closed).hasValue(0);
                used.incrementAndGet();
                closeIf(refs.leave());
            }
        }

        private void closeIf(boolean must) {
            if (must) {
                closed.incrementAndGet();
            }
        }

        @Override
        public void invariant() {
            assertThat(closed).hasValue(1);
            assertThat(refs.enter()).isFalse();
        }

        @Override
        public String outcome() {
            return used + " used";
        }
    }

    @Test
    void descriptor_isClosedOnce_andNotWhileItIsInUse() {
        ExplorationReport report = Explorer.of(UseAgainstClose.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.outcomes()).containsOnlyKeys("0 used", "1 used", "2 used");
    }
}
