package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.ExchangeScope;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An {@link ExchangeScope} under every schedule: what is acquired while the exchange ends is released, once. */
class ExchangeScopeSchedulesTest {
    static final class AcquireAgainstEnd implements Program {
        private final ExchangeScope scope = new ExchangeScope();
        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> scope.atEnd(first::incrementAndGet), () -> scope.atEnd(second::incrementAndGet), scope::end);
        }

        @Override
        public void invariant() {
            assertThat(first).hasValue(1);
            assertThat(second).hasValue(1);
        }
    }

    @Test
    void whatIsAcquired_isReleasedOnce() {
        ExplorationReport report = Explorer.of(AcquireAgainstEnd.class).check();

        assertThat(report.exhausted()).isTrue();
        assertThat(report.schedules()).isGreaterThan(1);
    }
}
