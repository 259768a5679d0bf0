package dev.thrum.http.files;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.ExchangeScope;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.testkit.scripted.FedBackend;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.HandClock;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExchangeScopeTest {
    private static final int LARGE = 100_000;
    private static final String GET = crlf("GET / HTTP/1.1\nHost: a\n\n");
    private static final String HEAD = crlf("HEAD / HTTP/1.1\nHost: a\n\n");
    private static final String EXPECTING =
            crlf("GET / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 100-continue\n\n");

    private final AtomicInteger releases = new AtomicInteger();

    /**
     * A way in which an exchange ends: whether its connection breaks, after how many writes, and the action of a
     * filter.
     */
    record Way(String name, boolean breaks, String request, int writes, HttpFilter filter) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Way stays(String name, HttpFilter filter) {
        return new Way(name, false, GET, Integer.MAX_VALUE, filter);
    }

    static Stream<Way> ways() {
        return Stream.of(
                stays("sent", (request, next) -> next.handle(request)),
                new Way("HEAD", false, HEAD, 1, (request, next) -> next.handle(request)),
                stays("not modified", (request, next) -> replaced(request, next, Response.empty(304))),
                stays("replaced", (request, next) -> replaced(request, next, Response.text("another"))),
                stays("filter fails", (request, next) -> {
                    throw new IllegalStateException(
                            "after " + next.handle(request).status());
                }),
                stays("filter refuses", (request, next) -> {
                    throw HttpException.of(403, "after " + next.handle(request).status());
                }),
                new Way("stream fails", true, GET, 9, (request, next) -> replaced(request, next, failing())),
                new Way("no 100 Continue", true, EXPECTING, 0, (request, next) -> replaced(request, next, failing())),
                new Way("response fails", true, GET, 1, (request, next) -> replaced(request, next, large())));
    }

    private static Response replaced(Request request, HttpHandler next, Response by) throws Exception {
        var _ = next.handle(request);
        return by;
    }

    private static Response failing() {
        return Response.stream(200, "a/b", _ -> {
            throw new IOException("on purpose");
        });
    }

    private static Response large() {
        return Response.of(200, "a/b", new byte[LARGE]);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void resourcesOfAnExchange_howeverItEnds_areReleasedOnce(Way way) {
        HttpHandler holding = request -> {
            request.scope().atEnd(releases::incrementAndGet);
            return Response.text("x");
        };
        FedWire wire = FedWire.of(way.request()).breakingAfter(way.writes());
        try (FedBackend.Fed fed = new FedBackend.Fed()) {
            fed.serve(wire, HttpServer.over(holding.behind(way.filter()), HttpConfig.defaults()));
        }

        assertThat(releases).hasValue(1);
        assertThat(wire.failure().isPresent()).isEqualTo(way.breaks());
    }

    @Test
    void fileOfAResponse_whenAFilterReplacesIt_isClosed(@TempDir Path root) throws Exception {
        Files.write(root.resolve("large.bin"), new byte[LARGE]);
        HandClock clock = new HandClock(FedBackend.NOW);
        // Two at the same time, so that the file is opened twice.
        StaticFiles files = StaticFiles.of(root, "/", FilesConfig.defaults(), clock);
        Request request = Request.of("GET", "/large.bin", Headers.none(), new byte[0]);
        Response first = files.handle(request);
        Response second = files.handle(request);

        request.scope().end();

        for (Response response : new Response[] {first, second}) {
            assertThat(response.content()).isInstanceOf(Content.Region.class);
            assertThatThrownBy(response::bodyBytes).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void release_whenTheExchangeHasEnded_runsAtOnce() throws Exception {
        ExchangeScope scope = new ExchangeScope();
        scope.end();

        scope.atEnd(releases::incrementAndGet);

        assertThat(releases).hasValue(1);
        scope.end();
        assertThat(releases).hasValue(1);
    }

    @Test
    void releases_whenOneFails_allRun() throws Exception {
        ExchangeScope scope = new ExchangeScope();
        scope.atEnd(releases::incrementAndGet);
        scope.atEnd(() -> {
            throw new IOException("on purpose");
        });
        scope.atEnd(releases::incrementAndGet);
        scope.atEnd(() -> {
            throw new IllegalStateException("on purpose");
        });
        scope.atEnd(releases::incrementAndGet);

        assertThatThrownBy(scope::end).isInstanceOf(IOException.class);
        assertThat(releases).hasValue(3);
    }
}
