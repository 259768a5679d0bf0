package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that is killed at random moments while many clients write, again and again on the same data. Acknowledged
 * writes are never lost, the others take effect once when they are sent again, and no money is created or lost.
 */
@Timeout(1_800)
final class KillIT {
    private static final int ROUNDS = Boolean.getBoolean("thrum.soak") ? 50 : 5;
    private static final int CLIENTS = 16;
    private static final int ACCOUNTS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern BALANCE = Pattern.compile("\"balance\":(\\d+)");

    private final long seed = Long.getLong("thrum.seed", System.nanoTime());
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    /** The expected balance of each account, from the responses; accounts are numbered from 1. */
    private final long[] balances = new long[ACCOUNTS + 1];

    /**
     * A write.
     *
     * @param key the idempotency key; empty for a new user
     * @param from the account to withdraw from, or 0
     * @param to the account to deposit to, or 0
     */
    private record Write(String path, String body, String key, int from, int to, long amount) {
        static Write random(RandomGenerator random, String name) {
            int one = 1 + random.nextInt(ACCOUNTS);
            int other = 1 + (one + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            long amount = 1 + random.nextLong(100);
            String money = "{\"amount\":" + amount + "}";
            return switch (random.nextInt(4)) {
                case 0 -> new Write("/users", "{\"name\":\"N\",\"email\":\"" + name + "@example.org\"}", "", 0, 0, 0);
                case 1 -> new Write("/accounts/" + one + "/deposit", money, name, 0, one, amount);
                case 2 -> new Write("/accounts/" + one + "/withdraw", money, name, one, 0, amount);
                default ->
                    new Write(
                            "/transfers",
                            "{\"from\":" + one + ",\"to\":" + other + ",\"amount\":" + amount + "}",
                            name,
                            one,
                            other,
                            amount);
            };
        }

        boolean isUser() {
            return key.isEmpty();
        }
    }

    private record Response(int status, String body) {}

    /** A write and its response; null if the server was killed before. */
    private record Sent(Write write, @Nullable Response response) {}

    @Test
    void acknowledgedWrites_whenTheServerIsKilledAgainAndAgain_areNotLost() throws Exception {
        Map<String, String> variables = Child.freePorts();
        try (Child server = Child.thrum(variables, "serve").awaitServing();
                HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 1; i <= ACCOUNTS; i++) {
                assertThat(post(client, server, new Write("/accounts", "{\"owner\":\"A\"}", "", 0, 0, 0))
                                .status())
                        .isEqualTo(201);
            }
            server.signal("KILL");
            server.awaitExit();
        }
        for (int round = 1; round <= ROUNDS; round++) {
            List<Sent> sent = writeUntilKilled(variables, round);
            verify(variables, sent);
        }
        assertLedgerIsSound(Path.of(variables.get("THRUM_DATA")));
    }

    private List<Sent> writeUntilKilled(Map<String, String> variables, int round) throws Exception {
        CountDownLatch enough = new CountDownLatch(50 + random.nextInt(3_000));
        List<Sent> all = new ArrayList<>();
        try (Child server = Child.thrum(variables, "serve").awaitServing();
                HttpClient client = HttpClient.newHttpClient();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Sent>>> writers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "r" + seed + "-" + round + "-" + i;
                RandomGenerator own =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(random.nextLong());
                writers.add(clients.submit(() -> write(client, server, own, name, enough)));
            }
            enough.await();
            server.signal("KILL");
            for (Future<List<Sent>> writer : writers) {
                all.addAll(writer.get());
            }
            server.awaitExit();
        }
        assertThat(all).as("the writes of a round").hasSizeGreaterThan(CLIENTS);
        return all;
    }

    /** Writes until the server is gone; the last element has no response. */
    private static List<Sent> write(
            HttpClient client, Child server, RandomGenerator random, String name, CountDownLatch acknowledged)
            throws InterruptedException {
        List<Sent> sent = new ArrayList<>();
        while (true) {
            Write write = Write.random(random, name + "-" + sent.size());
            try {
                Response response = post(client, server, write);
                sent.add(new Sent(write, response));
                acknowledged.countDown();
            } catch (IOException e) {
                sent.add(new Sent(write, null));
                return sent;
            }
        }
    }

    /** Sends everything once more. */
    private void verify(Map<String, String> variables, List<Sent> sent) throws Exception {
        try (Child server = Child.thrum(variables, "serve").awaitServing();
                HttpClient client = HttpClient.newHttpClient();
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Response>> responses = new ArrayList<>();
            for (Sent one : sent) {
                responses.add(clients.submit(() -> post(client, server, one.write())));
            }
            for (int i = 0; i < sent.size(); i++) {
                verify(sent.get(i), responses.get(i).get());
            }
            for (int i = 1; i <= ACCOUNTS; i++) {
                assertThat(balance(client, server, i))
                        .as("account %d, seed %d", i, seed)
                        .isEqualTo(balances[i]);
            }
            // A drain would wait for the connections that are kept alive.
            server.signal("KILL");
            server.awaitExit();
        }
    }

    private void verify(Sent sent, Response again) {
        if (sent.write().isUser()) {
            // The user exists if it was acknowledged, or if it was written and the response was lost.
            assertThat(again.status())
                    .as("%s, seed %d", sent, seed)
                    .isIn(sent.response() == null ? List.of(201, 409) : List.of(409));
            return;
        }
        if (sent.response() != null) {
            assertThat(again).as("%s, seed %d", sent, seed).isEqualTo(sent.response());
        }
        account(sent.write(), again);
    }

    private void account(Write write, Response response) {
        if (response.status() == 409) {
            return;
        }
        assertThat(response.status()).as("%s", response).isIn(200, 201);
        if (write.from() > 0) {
            balances[write.from()] -= write.amount();
        }
        if (write.to() > 0) {
            balances[write.to()] += write.amount();
        }
    }

    private static long balance(HttpClient client, Child server, int account) throws Exception {
        HttpResponse<String> response =
                client.send(request(server, "/accounts/" + account).build(), BodyHandlers.ofString());
        Matcher balance = BALANCE.matcher(response.body());
        assertThat(balance.find()).as("a balance in %s", response.body()).isTrue();
        return Long.parseLong(balance.group(1));
    }

    private static Response post(HttpClient client, Child server, Write write)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(server, write.path())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(write.body()));
        if (!write.key().isEmpty()) {
            request.header("Idempotency-Key", write.key());
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        return new Response(response.statusCode(), response.body());
    }

    private static HttpRequest.Builder request(Child server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("web") + path))
                .timeout(PATIENCE);
    }

    private static void assertLedgerIsSound(Path folder) throws IOException {
        try (Child check = Child.thrum("ledger", "check", "--data", folder.toString())) {
            assertThat(check.awaitExit()).isZero();
        }
    }
}
