package dev.thrum.pipeline.kafka;

import dev.thrum.base.Clock;
import dev.thrum.pipeline.PipelineQueue;
import dev.thrum.pipeline.PipelineQueueContract;
import dev.thrum.pipeline.StageName;
import dev.thrum.pipeline.StageOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queues on topics keep the contract of all queues. */
@ExtendWith(SharedBroker.class)
class KafkaQueueTest {
    abstract static class OnKafka extends PipelineQueueContract {
        private static final StageName<String> WORK = StageName.of("work", String.class);

        private final StageOptions kind;
        private final KafkaAddress address = SharedBroker.freshAddress();
        private final List<KafkaQueues> opened = new ArrayList<>();
        private int room;

        OnKafka(StageOptions kind) {
            this.kind = kind;
        }

        @Override
        protected PipelineQueue<String> open(int capacity, Clock clock) throws Exception {
            room = capacity;
            return openAgain();
        }

        @Override
        protected PipelineQueue<String> openAgain() throws Exception {
            KafkaQueues queues = KafkaQueues.open(address, SharedBroker.options());
            opened.add(queues);
            PipelineQueue<String> queue =
                    queues.open(WORK, kind.capacity(room), Clock.system()).input();
            queues.begin(() -> {});
            return queue;
        }

        @AfterEach
        void closeQueues() {
            opened.forEach(KafkaQueues::close);
        }
    }

    @Nested
    class Keyed extends OnKafka {
        Keyed() {
            super(StageOptions.workers(4).perKey(1));
        }
    }

    @Nested
    class Unkeyed extends OnKafka {
        Unkeyed() {
            super(StageOptions.workers(16));
        }
    }
}
