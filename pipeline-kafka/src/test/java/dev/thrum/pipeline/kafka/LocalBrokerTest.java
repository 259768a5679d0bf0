package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.cluster.LocalBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker that all tests of this module use. */
class LocalBrokerTest {
    @Test
    void broker_whenRestarted_hasItsPortAndItsData(@TempDir Path folder) throws Exception {
        try (LocalBroker broker = LocalBroker.start(folder)) {
            String address = broker.address();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
            }
            broker.restart();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                assertThat(admin.listTopics().names().get()).contains("kept");
            }
        }
    }
}
