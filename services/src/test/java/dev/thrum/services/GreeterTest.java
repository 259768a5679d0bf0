package dev.thrum.services;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.simulation.Trial;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The greeter on a simulated network without faults, where bytes sent together arrive together. */
class GreeterTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<String> results = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private interface Client {
        void talk(Connection connection) throws Exception;
    }

    private void play(Client client) {
        Trial.of(world -> {
                    Server server = world.engine()
                            .listen(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    Greeter.handler(results::add, warnings::add),
                                    Limits.defaults());
                    try (Connection connection = world.engine().connect(server.address(), SOON)) {
                        client.talk(connection);
                    }
                })
                .run(1);
    }

    private static void send(Connection connection, byte[] bytes) throws Exception {
        connection.writer().write(bytes);
        connection.writer().flush();
    }

    private static void send(Connection connection, String text) throws Exception {
        send(connection, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachMessageIsAnsweredAndQuitEndsTheConnection_whenTheStandardClientTalks() {
        play(connection -> {
            send(connection, "Zack");
            assertThat(connection.reader().read()).isEqualTo('-');
            send(connection, "  Zoë \r\n");
            assertThat(connection.reader().read()).isEqualTo('-');
            send(connection, "bye --quit-- bye");
            assertThat(connection.reader().read()).isEqualTo(-1);
        });

        assertThat(results).containsExactly("Hello ZACK", "Hello ZOË", "Hello BYE --QUIT-- BYE");
        assertThat(warnings).isEmpty();
    }

    @Test
    void restBecomesTheNextMessage_withAWarning_whenMoreThanTheLimitArrivesAtOnce() {
        play(connection -> {
            send(connection, "a".repeat(Greeter.MAX_MESSAGE) + "b");
            assertThat(connection.reader().readExactly(2)).containsExactly('-', '-');
        });

        assertThat(results).containsExactly("Hello " + "A".repeat(Greeter.MAX_MESSAGE), "Hello B");
        assertThat(warnings).singleElement().asString().contains("more than 5120 bytes");
    }

    @Test
    void nothingIsWarnedAbout_whenExactlyTheLimitArrives() {
        play(connection -> {
            send(connection, "a".repeat(Greeter.MAX_MESSAGE));
            assertThat(connection.reader().read()).isEqualTo('-');
        });

        assertThat(results).hasSize(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void incompleteUtf8SequenceIsHeldBack_untilTheRestArrives() {
        play(connection -> {
            byte[] clef = "𝄞".getBytes(StandardCharsets.UTF_8);
            send(connection, new byte[] {'a', clef[0], clef[1]});
            assertThat(connection.reader().read()).isEqualTo('-');
            send(connection, new byte[] {clef[2]});
            send(connection, new byte[] {clef[3], 'b'});
            assertThat(connection.reader().read()).isEqualTo('-');
        });

        assertThat(results).containsExactly("Hello A", "Hello 𝄞B");
    }

    @Test
    void heldBytesAreTheLastMessage_whenTheStreamEndsAfterThem() {
        play(connection -> {
            send(connection, new byte[] {(byte) 0xc3});
            connection.shutdownOutput();
            assertThat(connection.reader().read()).isEqualTo('-');
            assertThat(connection.reader().read()).isEqualTo(-1);
        });

        assertThat(results).containsExactly("Hello \uFFFD");
    }

    /** Overlong forms, surrogates, values above U+10FFFF, a lone continuation byte: no further byte can make them valid. */
    @ParameterizedTest
    @CsvSource({"c0", "c1", "e080", "eda0", "f08f", "f490", "f5", "ff", "80"})
    void messageIsAnsweredAtOnce_whenTheBytesCanNeverBecomeUtf8(String hex) {
        play(connection -> {
            send(connection, HexFormat.of().parseHex(hex));
            connection.reader().deadline(SOON);
            assertThat(connection.reader().read()).isEqualTo('-');
        });

        assertThat(results).singleElement().asString().startsWith("Hello \uFFFD");
    }
}
