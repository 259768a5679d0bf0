package dev.thrum.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import dev.thrum.base.Deadline;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.RequestStats;
import dev.thrum.http.server.Router;
import dev.thrum.line.LineFormat;
import dev.thrum.line.Lines;
import dev.thrum.services.admin.Admin;
import dev.thrum.services.admin.Metrics;
import dev.thrum.testkit.Scene;
import dev.thrum.work.NamedLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code thrum doctor} against servers that have gone wrong on purpose. */
@Timeout(60)
final class DoctorCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    enum Kind {
        THREADS {
            @Override
            Engine open() {
                return Engine.threads(8, 8);
            }
        },
        VIRTUAL {
            @Override
            Engine open() {
                return Engine.virtual();
            }
        },
        EVENTS {
            @Override
            Engine open() {
                return EventEngine.open(EventOptions.defaults()
                        .withTransport(TransportKind.NIO)
                        .withLoops(1)
                        .withStall(Duration.ofSeconds(30)));
            }
        };

        abstract Engine open();
    }

    /** A server and its operator's port. */
    private record Ward(Engine engine, Engine own, Server server, Server admin) implements AutoCloseable {
        static Ward open(Engine engine, HttpHandler handler, BooleanSupplier ready) throws IOException {
            Engine own = Engine.threads(4, 16);
            Admin admin = new Admin(engine, new Metrics(engine, new RequestStats(), List.of()), ready, null, null);
            return new Ward(engine, own, listen(engine, handler), listen(own, admin.handler()));
        }

        private static Server listen(Engine on, HttpHandler handler) throws IOException {
            return on.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    HttpServer.over(handler, HttpConfig.defaults()),
                    Limits.defaults());
        }

        /** Sends a request without waiting for its response. */
        Connection request(String path) throws IOException {
            Connection client = own.connect(server.address(), PATIENCE);
            Scene.say(client, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return client;
        }

        String origin() {
            return "http://127.0.0.1:" + admin.address().getPort();
        }

        Ran doctor() {
            return Ran.of("doctor", origin());
        }

        @Override
        public void close() {
            engine.close();
            own.close();
        }
    }

    /** Two locks, and handlers that acquire them one after the other. */
    private static final class Locks {
        private final NamedLock left;
        private final NamedLock right;
        private final CountDownLatch bothHold;

        Locks(String prefix, int atTheSameTime) {
            left = new NamedLock(prefix + ".left");
            right = new NamedLock(prefix + ".right");
            bothHold = new CountDownLatch(atTheSameTime);
        }

        HttpHandler handler() {
            return Router.builder()
                    .get("/left-first", request -> both(left, right))
                    .get("/right-first", request -> both(right, left))
                    .build();
        }

        private Response both(NamedLock first, NamedLock second) throws InterruptedException {
            // Interruptible, so that the test can end.
            first.lockInterruptibly();
            try {
                bothHold.countDown();
                bothHold.await();
                second.lockInterruptibly();
                second.unlock();
                return Response.of(200, "text/plain", "done");
            } finally {
                first.unlock();
            }
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        Deadline deadline = Deadline.in(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(deadline.nanosLeft()).as(what).isPositive();
            Thread.onSpinWait();
        }
    }

    private static boolean areWaitedFor(NamedLock... locks) {
        return List.of(locks).stream()
                .allMatch(lock -> NamedLock.report().waits().stream()
                        .anyMatch(wait -> wait.lock().equals(lock.name())));
    }

    @ParameterizedTest
    @EnumSource
    void deadlockOfTwoHandlers_isNamed_onEveryEngine(Kind kind) throws Exception {
        Locks locks = new Locks("deadlock-" + kind, 2);
        try (Ward ward = Ward.open(kind.open(), locks.handler(), () -> true);
                Connection _ = ward.request("/left-first");
                Connection _ = ward.request("/right-first")) {
            until("both handlers to wait", () -> areWaitedFor(locks.left, locks.right));

            Ran ran = ward.doctor();

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.err()).isEmpty();
            String first = ran.out().lines().findFirst().orElseThrow();
            assertThat(first)
                    .startsWith("deadlock: ")
                    .contains(
                            "waits for lock \"" + locks.left.name() + "\", held by ",
                            "waits for lock \"" + locks.right.name() + "\", held by ",
                            "; next: restart the server; then acquire these locks in one order, or together with"
                                    + " NamedLock.lockAll");
            assertThat(ran.out())
                    .contains(
                            "lock order: ",
                            "acquired \"" + locks.left.name() + "\" while it held \"" + locks.right.name())
                    .endsWith("; stacks: " + ward.origin() + "/debug/threads\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void contradictingOrders_areReported_beforeTheyDeadlock(Kind kind) throws Exception {
        Locks locks = new Locks("inversion-" + kind, 1);
        try (Ward ward = Ward.open(kind.open(), locks.handler(), () -> true)) {
            for (String path : List.of("/left-first", "/right-first")) {
                try (Connection client = ward.request(path)) {
                    assertThat(Scene.line(client)).startsWith("HTTP/1.1 200 ");
                }
            }

            Ran ran = ward.doctor();

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out().lines().filter(line -> line.contains("inversion-" + kind)))
                    .singleElement()
                    .asString()
                    .startsWith("lock order: ")
                    .contains("; next: acquire them in one order");
        }
    }

    @ParameterizedTest
    @EnumSource
    void orderedLocks_areNotReported_after10000Operations(Kind kind) throws Exception {
        Locks locks = new Locks("ordered-" + kind, 0);
        HttpHandler handler = Router.builder()
                .get("/many", request -> {
                    for (int i = 0; i < 10_000; i++) {
                        locks.both(locks.left, locks.right);
                    }
                    return Response.of(200, "text/plain", "done");
                })
                .build();
        try (Ward ward = Ward.open(kind.open(), handler, () -> true);
                Connection one = ward.request("/many");
                Connection two = ward.request("/many")) {
            assertThat(Scene.line(one)).startsWith("HTTP/1.1 200 ");
            assertThat(Scene.line(two)).startsWith("HTTP/1.1 200 ");

            assertThat(ward.doctor().out()).doesNotContain("ordered-" + kind);
        }
    }

    @Test
    void handlerThatKeepsALoop_isNamed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = request -> {
            begun.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return Response.of(200, "text/plain", "done");
        };
        try (Ward ward = Ward.open(Kind.EVENTS.open(), handler, () -> true);
                Connection client = ward.request("/")) {
            begun.await();

            Ran ran;
            try {
                ran = ward.doctor();
            } finally {
                release.countDown();
            }

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out().lines().filter(line -> line.startsWith("blocked loop: ")))
                    .singleElement()
                    .asString()
                    .startsWith("blocked loop: loop-1-1 has kept loop-1 (1 connection) for ")
                    .contains(
                            "in " + DoctorCommandTest.class.getName(),
                            "; next: move this work into connection.offload");
            assertThat(Scene.line(client)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void serverThatDrains_saysSo() throws Exception {
        try (Ward ward = Ward.open(Engine.virtual(), request -> Response.of(200, "text/plain", ""), () -> false)) {
            Ran ran = ward.doctor();

            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out()).contains("draining: the server accepts no new clients", "; next: wait, or send");
        }
    }

    @Test
    void serverThatIsNotThere_cannotBeAsked() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(Ran.of("doctor", "http://127.0.0.1:" + free))
                .isEqualTo(
                        new Ran(
                                2,
                                "",
                                "thrum doctor: expected the --admin port of Thrum at http://127.0.0.1:" + free
                                        + " but could not ask it (cannot connect to 127.0.0.1:" + free
                                        + ": Connection refused): start a server, or name the port that it prints for admin\n"));
    }

    @Test
    void portThatIsNotTheOperators_isNamed() throws Exception {
        try (Ward ward =
                Ward.open(Engine.virtual(), request -> Response.of(200, "application/json", "{}"), () -> true)) {
            String origin = "http://127.0.0.1:" + ward.server().address().getPort();

            assertThat(Ran.of("doctor", origin))
                    .isEqualTo(new Ran(
                            2,
                            "",
                            "thrum doctor: expected the --admin port of Thrum at " + origin
                                    + " but its response was something else: name the port that thrum serve prints for"
                                    + " admin\n"));
        }
    }

    @Test
    void serverThatSpeaksAnotherProtocol_cannotBeAsked() throws Exception {
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Lines.of(LineFormat.lf(), session -> session.writeLine("hello")),
                        Limits.defaults())) {
            Ran ran = Ran.of("doctor", "http://127.0.0.1:" + server.address().getPort());

            assertThat(ran.status()).isEqualTo(2);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .startsWith("thrum doctor: expected the --admin port of Thrum at ")
                    .hasLineCount(1);
        }
    }

    @Test
    void pageForAnotherHost_isRefused() throws Exception {
        try (Ward ward = Ward.open(Engine.virtual(), request -> Response.of(200, "text/plain", ""), () -> true);
                Connection client = ward.own().connect(ward.admin().address(), PATIENCE)) {
            Scene.say(client, "GET /debug/threads HTTP/1.1\r\nHost: example.com\r\n\r\n");

            assertThat(Scene.line(client)).startsWith("HTTP/1.1 421 ");
        }
    }
}
