package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.pipeline.kafka.partitions.KafkaPartitions;
import dev.thrum.pipeline.kafka.partitions.LogWatch;
import dev.thrum.pipeline.partitions.Partitions;
import dev.thrum.pipeline.partitions.PartitionsContract;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class KafkaPartitionsTest extends PartitionsContract {
    /** How long a member may go without polling before its place is another one's. */
    private static final int SILENCE_MILLIS = 6_000;

    private KafkaAddress address;

    @BeforeEach
    void makeRecords() throws Exception {
        KafkaAddress fresh = SharedBroker.freshAddress();
        String silence = Integer.toString(SILENCE_MILLIS);
        address = new KafkaAddress(
                fresh.servers(), fresh.name(), Map.of("max.poll.interval.ms", silence, "session.timeout.ms", silence));
        Map<String, String> kept = Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                "-1",
                "retention.bytes",
                "-1",
                "message.timestamp.type",
                "LogAppendTime");
        try (Admin admin = Admin.create(fresh.settings())) {
            NewTopic topic = new NewTopic(fresh.name() + ".urls", 3, (short) 1).configs(kept);
            var _ = admin.createTopics(List.of(topic)).all().get();
        }
    }

    @Override
    protected Partitions join() throws Exception {
        return KafkaPartitions.open(address);
    }

    @Override
    protected void expel(Partitions member, Runnable othersPoll) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < (SILENCE_MILLIS + 1_000) * 1_000_000L) {
            othersPoll.run();
        }
    }

    @Test
    void open_withATopicOfOtherSettings_isRefused_withItsNameAndTheSetting() throws Exception {
        try (Admin admin = Admin.create(address.settings())) {
            NewTopic topic = new NewTopic(address.name() + ".hosts", 3, (short) 1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime"));
            var _ = admin.createTopics(List.of(topic)).all().get();
        }
        assertThatThrownBy(this::join)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(address.name() + ".hosts with cleanup.policy=compact but it has delete");
    }

    @Test
    void open_withoutABroker_isRefused_withTheAddress() {
        KafkaAddress nobody = KafkaAddress.parse("kafka://127.0.0.1:1/x");
        assertThatThrownBy(() -> KafkaPartitions.open(nobody))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void watch_ofALogThatIsNotThere_isRefused() {
        assertThatThrownBy(() -> LogWatch.open(SharedBroker.freshAddress()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is none");
    }
}
