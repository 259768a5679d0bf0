package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.line.LineConversation;
import dev.thrum.line.LineFormat;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OutgoingConversationsTest {
    private static final int COUNT = 3;
    private static final int TRIPS = 100;
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void conversations_makeRoundTrips_untilTheyAreEnded() throws Exception {
        CountDownLatch answers = new CountDownLatch(TRIPS);
        AtomicInteger ended = new AtomicInteger();
        LineConversation echo = session -> {
            Optional<String> line = session.readLine();
            while (line.isPresent()) {
                session.writeLine(LineDialogue.PREFIX + line.get());
                answers.countDown();
                line = session.readLine();
            }
            ended.incrementAndGet();
        };
        try (Engine engine = engine();
                OutgoingConversations conversations = new OutgoingConversations(engine, COUNT)) {
            conversations.open(listen(engine, echo).address());
            assertThat(answers.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            conversations.end();
            assertThat(conversations.trips()).isGreaterThanOrEqualTo(TRIPS - COUNT);
            engine.shutdown(LONG);
        }
        assertThat(ended).hasValue(COUNT);
    }

    @Test
    void answer_thatIsWrong_isReported() throws Exception {
        LineConversation wrong = session -> {
            var _ = session.readLine();
            session.writeLine("What?");
            var _ = session.readLine();
        };
        try (Engine engine = engine();
                OutgoingConversations conversations = new OutgoingConversations(engine, COUNT)) {
            conversations.open(listen(engine, wrong).address());

            assertThatThrownBy(() -> conversations.runFor(LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("expected \"Echo: connection 0")
                    .hasMessageEndingWith("but was \"What?\"");
        }
    }

    private static Engine engine() {
        return EventEngine.open(EventOptions.defaults().withLoops(1));
    }

    private static Server listen(Engine engine, LineConversation conversation) throws IOException {
        return engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Lines.of(LineFormat.lf(), conversation),
                Limits.defaults());
    }
}
