package dev.thrum.pipeline;

import dev.thrum.base.Clock;
import org.junit.jupiter.api.Nested;

/** The queues in memory keep the contract. */
class MemoryQueueTest {
    @Nested
    class Bounded extends PipelineQueueContract {
        @Override
        protected PipelineQueue<String> open(int capacity, Clock clock) {
            return PipelineQueue.bounded(capacity, clock);
        }
    }

    @Nested
    class Growing extends PipelineQueueContract {
        @Override
        protected PipelineQueue<String> open(int capacity, Clock clock) {
            return PipelineQueue.growing(capacity, clock);
        }
    }
}
