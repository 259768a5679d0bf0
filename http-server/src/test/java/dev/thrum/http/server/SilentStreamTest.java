package dev.thrum.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.Conversation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed responses whose writer waits for something other than its client. */
class SilentStreamTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String REQUEST = Conversation.crlf("GET / HTTP/1.1\nHost: a\n\n");

    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private static Engine engine(String name) throws Exception {
        return switch (name) {
            case "threads" -> Engine.threads(2, 2);
            case "virtual" -> Engine.virtual();
            default -> EventEngine.open(EventOptions.defaults().withTransport(TransportKind.valueOf(name)));
        };
    }

    private Response silent(Request request) {
        return Response.stream(200, "text/event-stream", out -> {
            out.write("first".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            try {
                never.await();
            } catch (InterruptedException e) {
                ended.complete(request.path());
                throw e;
            }
        });
    }

    /** Requests the stream, and waits until its writer is silent. */
    private static Connection ask(Conversation server) throws Exception {
        Connection client = server.connect();
        client.writer().write(REQUEST);
        client.writer().flush();
        Optional<String> line;
        do {
            line = client.reader().readLine(1_000);
        } while (line.isPresent() && !line.get().equals("5"));
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "virtual", "EPOLL", "NIO"})
    void writer_whenItsClientHasDisconnected_isInterrupted(String name) throws Exception {
        try (Engine engine = engine(name)) {
            Conversation server = Conversation.with(engine, HttpServer.over(this::silent, HttpConfig.defaults()));
            ask(server).close();

            assertThat(ended.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("/");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "virtual", "EPOLL", "NIO"})
    void writer_whenTheServerDrains_isInterrupted(String name) throws Exception {
        try (Engine engine = engine(name)) {
            Conversation server = Conversation.with(engine, HttpServer.over(this::silent, HttpConfig.defaults()));
            try (Connection _ = ask(server)) {
                assertThat(engine.shutdown(TIMEOUT))
                        .as("all connections ended, without the client")
                        .isTrue();
                assertThat(ended).isCompletedWithValue("/");
            }
        }
    }
}
