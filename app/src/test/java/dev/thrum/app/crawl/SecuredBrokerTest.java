package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.app.TestCertificates;
import dev.thrum.cluster.LocalBroker;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A crawl whose broker speaks TLS and wants a password: {@code --kafka-properties}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecuredBrokerTest {
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    @TempDir
    private static Path shared;

    private static LocalBroker broker;
    private static TestCertificates certificates;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        certificates = new TestCertificates(shared).server("broker");
        Path keyAndChain = Files.writeString(
                shared.resolve("keystore.pem"),
                Files.readString(certificates.key("broker")) + Files.readString(certificates.chain("broker")));
        Map<String, String> settings = Map.ofEntries(
                // The listener keeps its name.
                Map.entry("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT"),
                Map.entry("ssl.keystore.type", "PEM"),
                Map.entry("ssl.keystore.location", keyAndChain.toString()),
                Map.entry("ssl.truststore.type", "PEM"),
                Map.entry("ssl.truststore.location", certificates.chain("ca").toString()),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry("sasl.mechanism.inter.broker.protocol", "PLAIN"),
                Map.entry(
                        "listener.name.plaintext.plain.sasl.jaas.config",
                        LOGIN + " username=\"broker\" password=\"own\" user_broker=\"own\" user_crawler=\"right\";"));
        broker = LocalBroker.start(shared.resolve("broker"), settings);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private Path properties(String password) throws IOException {
        return Files.writeString(
                folder.resolve("kafka.properties"), """
                security.protocol=SASL_SSL
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                sasl.mechanism=PLAIN
                sasl.jaas.config=%s username="crawler" password="%s";
                """.formatted(certificates.chain("ca"), LOGIN, password));
    }

    private static String queue(String name) {
        return "kafka://" + broker.address() + "/" + name;
    }

    @Test
    void crawl_withTheRightSettings_runs() throws Exception {
        try (Engine engine = Engine.virtual();
                ScriptedWeb web =
                        ScriptedWeb.start(engine, WebPlan.of(1).withHosts(2).withPages(3))) {
            Path into = folder.resolve("out");
            String settings = properties("right").toString();
            List<String> arguments = new ArrayList<>(List.of("crawl"));
            arguments.addAll(web.map().seeds());
            arguments.addAll(List.of("--queue", queue("secured"), "--kafka-properties", settings));
            arguments.addAll(
                    List.of("--out", into.toString(), "--delay", "0", "--allow-private=127.0.0.0/8", "--no-index"));
            Ran crawled = Ran.of(arguments.toArray(String[]::new));

            assertThat(crawled.status()).as(crawled.err()).isZero();
            assertThat(Files.readAllLines(into.resolve("pages.jsonl"))).isNotEmpty();
            Ran status = Ran.of("crawl", "status", "--queue", queue("secured"), "--kafka-properties", settings);
            assertThat(status.out()).as(status.err()).startsWith("has ended: ");
        }
    }

    @Test
    void status_withAWrongPassword_isRefused_inOneLine() throws Exception {
        Ran refused = Ran.of(
                "crawl",
                "status",
                "--queue",
                queue("secured"),
                "--kafka-properties",
                properties("wrong").toString());

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("thrum: expected the broker at " + broker.address()
                        + " to accept this program but it refuses it: ")
                .containsOnlyOnce("\n");
    }

    @Test
    void status_withoutTheSettings_isRefused_inOneLine() {
        Ran refused = Ran.of("crawl", "status", "--queue", queue("secured"));

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("thrum: expected a Kafka broker at " + broker.address() + " but ")
                .containsOnlyOnce("\n");
    }
}
