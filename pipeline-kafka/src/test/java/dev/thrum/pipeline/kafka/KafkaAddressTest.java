package dev.thrum.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class KafkaAddressTest {
    @Test
    void address_hasBrokersAndAName() {
        KafkaAddress address = KafkaAddress.parse("kafka://one:9092,[::1]:9093/crawl-1");
        assertThat(address.servers()).isEqualTo("one:9092,[::1]:9093");
        assertThat(address.name()).isEqualTo("crawl-1");
        assertThat(address).hasToString("kafka://one:9092,[::1]:9093/crawl-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "one:9092/name",
                "kafka://one:9092",
                "kafka:///name",
                "kafka://one/name",
                "kafka://one:0/name",
                "kafka://one:65536/name",
                "kafka://one:9092,/name",
                "kafka://one:9092/",
                "kafka://one:9092/a name",
                "kafka://one:9092/.name"
            })
    void address_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> KafkaAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected queues such as kafka://HOST:PORT/NAME but was '" + text + "': ");
    }

    @Test
    void properties_ofAFile_areSettingsOfTheClients(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("client.properties");
        Files.writeString(file, "security.protocol=SASL_SSL\nsasl.mechanism = PLAIN\n");
        assertThat(KafkaAddress.parse("kafka://one:9092/name").with(file).settings())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("bootstrap.servers", "one:9092");
    }

    @Test
    void properties_thatThrumMakesItself_areRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("client.properties");
        Files.writeString(file, "group.id=mine\nacks=0\n");
        assertThatThrownBy(() -> KafkaAddress.parse("kafka://one:9092/name").with(file))
                .hasMessageContaining("it has acks, group.id: remove them");
    }

    @Test
    void properties_thatAreNotThere_areRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> KafkaAddress.parse("kafka://one:9092/name").with(folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no ");
    }

    /** A server that accepts and never answers. */
    @Test
    void broker_thatDoesNotRespond_isReportedInOneLine_withItsAddress() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            String server = "127.0.0.1:" + silent.getLocalPort();
            assertThatThrownBy(() ->
                            KafkaAddress.parse("kafka://" + server + "/name").requireBroker(Duration.ofMillis(500)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("expected a Kafka broker at " + server
                            + " but none has responded within 500 ms: start it, or correct the address");
        }
    }

    @Test
    void broker_whoseNameIsUnknown_isReportedInOneLine() {
        assertThatThrownBy(() ->
                        KafkaAddress.parse("kafka://nowhere.invalid:9092/name").requireBroker(Duration.ofSeconds(2)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("expected a Kafka broker at nowhere.invalid:9092 but ");
    }
}
