package dev.thrum.bench;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.RequestStats;
import dev.thrum.measure.statistics.Interval;
import dev.thrum.services.admin.Admin;
import dev.thrum.services.admin.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The longest pauses of a few handlers, next to many virtual threads that wait, while {@code /debug/threads} is asked again and
 * again, and while it is not. A pause is what a handler that sleeps for a millisecond sleeps longer.
 *
 * @param asked in milliseconds, of each round
 * @param unasked the same
 */
record DiagnosisPauses(Interval asked, Interval unasked) {
    static final int WAITING = 10_000;

    private static final int PROBES = 2;
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration NAP = Duration.ofMillis(1);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int WARM_UP_ROUNDS = 2;

    static DiagnosisPauses measure(int rounds) throws IOException, InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        List<Double> asked = new ArrayList<>();
        List<Double> unasked = new ArrayList<>();
        try (Engine engine = Engine.virtual();
                Engine own = Engine.threads(4, 16);
                Server admin = admin(engine, own);
                HttpClient client = HttpClient.over(own, HttpClientConfig.defaults())) {
            await(engine, end);
            URI uri = URI.create("http://127.0.0.1:" + admin.address().getPort() + "/debug/threads");
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                System.err.println("lab, pauses, round " + (round + 1) + " of " + rounds);
                double without = longest(engine, () -> Thread.sleep(WINDOW));
                double with = longest(engine, () -> ask(client, uri));
                if (round >= 0) {
                    asked.add(with);
                    unasked.add(without);
                }
            }
        } finally {
            end.countDown();
        }
        return new DiagnosisPauses(Interval.of(asked), Interval.of(unasked));
    }

    private static Server admin(Engine engine, Engine own) throws IOException {
        Metrics metrics = new Metrics(engine, new RequestStats(), List.of());
        return own.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                HttpServer.over(new Admin(engine, metrics, () -> true, null, null).handler(), HttpConfig.defaults()),
                Limits.defaults());
    }

    /** Starts the threads that wait. */
    private static void await(Engine engine, CountDownLatch end) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(WAITING);
        for (int i = 0; i < WAITING; i++) {
            var _ = engine.schedule(Duration.ZERO, () -> {
                begun.countDown();
                sleepless(end);
            });
        }
        begun.await();
    }

    private static void sleepless(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    private static void ask(HttpClient client, URI uri) throws IOException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < WINDOW.toNanos()) {
            try (ClientResponse response = client.send(ClientRequest.get(uri))) {
                if (response.bytes().length < 1) {
                    throw new IOException("expected the threads but the response was empty");
                }
            }
        }
    }

    /** The longest pause of a handler during an action, in milliseconds. */
    private static double longest(Engine engine, Action action) throws IOException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong longest = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(PROBES);
        for (int i = 0; i < PROBES; i++) {
            var _ = engine.schedule(Duration.ZERO, () -> {
                try {
                    probe(over, longest);
                } finally {
                    ended.countDown();
                }
            });
        }
        try {
            action.run();
        } finally {
            over.set(true);
        }
        ended.await();
        return longest.get() / NANOS_PER_MILLI;
    }

    private static void probe(AtomicBoolean over, AtomicLong longest) {
        try {
            while (!over.get()) {
                long begun = System.nanoTime();
                Thread.sleep(NAP);
                longest.accumulateAndGet(System.nanoTime() - begun - NAP.toNanos(), Math::max);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
