package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.engine.Engine;
import dev.thrum.http.Gzip;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.testkit.scripted.Conversation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListingLimiterTest {
    private static final int CROWD = 24;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ListingLimiter lists = new ListingLimiter();

    private static Request request() {
        return Request.of("GET", "/", Headers.none(), new byte[0]);
    }

    private Response list(Request request, int bytes) throws Exception {
        return lists.response(request, () -> Response.of(200, "text/html", new byte[bytes]));
    }

    @Test
    void longLists_whenTooManyAreInFlight_areRefusedUntilOneHasEnded() throws Exception {
        List<Request> inFlight = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            inFlight.add(request());
            var _ = list(inFlight.getLast(), 4 << 20);
        }

        Request next = request();
        HttpException refused = catchThrowableOfType(HttpException.class, () -> list(next, 4 << 20));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().first("Retry-After")).hasValue("1");
        assertThat(list(next, 10_000).bodyBytes()).hasSize(10_000);

        inFlight.getFirst().scope().end();
        inFlight.getFirst().scope().end();
        assertThat(list(next, 4 << 20).bodyBytes()).hasSize(4 << 20);
        assertThat(catchThrowableOfType(HttpException.class, () -> list(next, 4 << 20))
                        .status())
                .as("an exchange that ends twice releases once")
                .isEqualTo(503);
    }

    @Test
    void longList_whenCompressed_isReleasedToo() throws Exception {
        Headers gzip = Headers.of("Accept-Encoding", "gzip");
        for (int i = 0; i < 20; i++) {
            Request request = Request.of("GET", "/", gzip, new byte[0]);
            Response packed = new Gzip().apply(request, _ -> list(request, 4 << 20));
            assertThat(packed.headers().first("Content-Encoding")).hasValue("gzip");
            request.scope().end();
        }
    }

    @Test
    void others_whenListsWaitForTheirTurn_canStillOffload() throws Exception {
        ListingLimiter limiter = new ListingLimiter(Duration.ofMinutes(1));
        CountDownLatch enough = new CountDownLatch(1);
        HttpHandler handler = request -> request.path().equals("/list")
                ? limiter.response(request, () -> {
                    enough.await();
                    return Response.text("a list");
                })
                : request.offload(() -> Response.text("a file"));
        try (Engine engine = Engine.virtual();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Conversation server = Conversation.with(engine, HttpServer.over(handler, HttpConfig.defaults()));
            List<Future<String>> listings = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                listings.add(clients.submit(() -> server.tell(get("/list"))));
            }
            long end = System.nanoTime() + TIMEOUT.toNanos();
            while (limiter.waiting() < CROWD - 4 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }

            try {
                Future<String> file = clients.submit(() -> server.tell(get("/file")));
                assertThat(file.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).endsWith("a file");
                assertThat(listings).noneMatch(Future::isDone);
            } finally {
                enough.countDown();
            }
            for (Future<String> listing : listings) {
                assertThat(listing.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).endsWith("a list");
            }
        }
    }

    private static String get(String path) {
        return Conversation.crlf("GET " + path + " HTTP/1.1\nHost: a\nConnection: close\n\n");
    }
}
