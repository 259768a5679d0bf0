package dev.thrum.services.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.services.web.JsonErrors;
import dev.thrum.services.web.StoreFaults;
import dev.thrum.services.web.Web;
import dev.thrum.services.web.WebConfig;
import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.HandClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of users and ledger, byte for byte, on a real database. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class DataWebTest {
    private static final HandClock CLOCK = new HandClock(Instant.ofEpochMilli(1_795_162_800_120L));
    private static final String NOW = "\"created_at\":\"2026-11-20T08:20:00.120Z\"}";

    @TempDir
    Path folder;

    private Data data;
    private HttpHandler web;

    @BeforeEach
    void open() throws Exception {
        data = open(DatabaseConfig.of(Source.embedded(folder)));
        web = web(data);
    }

    private Data open(DatabaseConfig config) {
        return Data.open(new DataConfig(config, folder, Optional.empty(), Optional.empty()), CLOCK);
    }

    private static HttpHandler web(Data data) {
        return new Web(CLOCK, ZoneOffset.UTC, data.routes()).handler(WebConfig.localHostCheck());
    }

    @AfterEach
    void close() {
        data.close();
    }

    private Response get(String target) throws Exception {
        return web.handle(Request.of("GET", target, Headers.of("Host", "localhost"), new byte[0]));
    }

    private Response post(String path, String body) throws Exception {
        return post(path, body, Headers.none());
    }

    private Response post(String path, String body, Headers more) throws Exception {
        Headers headers = more.with("Host", "localhost").with("Content-Type", "application/json");
        return web.handle(Request.of("POST", path, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    private Response keyed(String path, String body, String key) throws Exception {
        return post(path, body, Headers.of("Idempotency-Key", key));
    }

    private static String body(Response response) throws Exception {
        return new String(response.bodyBytes(), StandardCharsets.UTF_8);
    }

    private static HttpHandler withStoreFaults(HttpHandler handler) {
        return handler.behind(new StoreFaults());
    }

    private interface Attempt {
        Response make() throws Exception;
    }

    private static HttpException refusal(Attempt attempt) {
        HttpException refusal = catchThrowableOfType(HttpException.class, attempt::make);
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private void fillAccounts() throws Exception {
        post("/accounts", "{\"owner\":\"Ann\"}");
        post("/accounts", "{\"owner\":\"Bob\"}");
        keyed("/accounts/1/deposit", "{\"amount\":100}", "fill");
    }

    @Test
    void user_whenPosted_isFound() throws Exception {
        Response made = post("/users", "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}");

        String ann = "{\"id\":1,\"name\":\"Ann\",\"email\":\"ann@example.org\"," + NOW;
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers().first("Location")).hasValue("/users/1");
        assertThat(body(made)).isEqualTo(ann);
        assertThat(body(get("/users/1"))).isEqualTo(ann);
        assertThat(body(get("/users?id=1"))).isEqualTo(ann);
        assertThat(body(get("/users"))).isEqualTo("[" + ann + "]");
    }

    @Test
    void list_forBrowsers_isIndented() throws Exception {
        post("/users", "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}");
        Headers browser = Headers.of("Host", "localhost").and("Accept", "text/html");
        Response list = web.handle(Request.of("GET", "/users", browser, new byte[0]));

        assertThat(body(list)).isEqualTo("""
                [
                  {
                    "id": 1,
                    "name": "Ann",
                    "email": "ann@example.org",
                    "created_at": "2026-11-20T08:20:00.120Z"
                  }
                ]
                """);
    }

    @Test
    void email_whenItExistsAlready_isAConflict() throws Exception {
        post("/users", "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}");

        HttpException refusal = refusal(() -> post("/users", "{\"name\":\"Eve\",\"email\":\"ann@example.org\"}"));
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(body(new JsonErrors().response(refusal, Headers.none())))
                .isEqualTo("{\"error\":\"Email already exists\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/users/2, 404, User does not exist",
        "/users?id=2, 404, User does not exist",
        "/users/x, 400, Invalid user ID",
        "/users/-1, 400, Invalid user ID",
        "/users/0, 400, Invalid user ID",
        "/users?id=, 400, Invalid user ID",
        "/users/99999999999999999999, 400, Invalid user ID",
        "/accounts/9, 404, Account does not exist",
        "/accounts/9/history, 404, Account does not exist",
        "/accounts/x, 400, Invalid account ID",
    })
    void unknownOrInvalidId_isRefused(String target, int status, String error) throws Exception {
        HttpException refusal = refusal(() -> get(target));

        assertThat(refusal.status()).isEqualTo(status);
        assertThat(body(new JsonErrors().response(refusal, Headers.none()))).isEqualTo("{\"error\":\"" + error + "\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"Ann\"} | email",
                "{\"email\":\"a@b.c\"} | name",
                "{\"name\":7,\"email\":\"a@b.c\"} | name",
                "{\"name\":\" \",\"email\":\"a@b.c\"} | name",
                "{\"name\":\"Ann\",\"email\":\"ann\"} | email",
                "{\"name\":\"Ann\",\"email\":\"a@b@c\"} | email",
                "{\"name\":\"Ann\",\"email\":\"a b@c.d\"} | email",
                "{\"name\":\"Ann\",\"email\":\"a@b.c\",\"id\":7} | id",
            })
    void user_whenMalformed_isRefused_andTheFieldIsNamed(String body, String field) {
        HttpException refusal = refusal(() -> post("/users", body));

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.field()).hasValue(field);
    }

    @Test
    void list_whenLong_isSplitIntoPages() throws Exception {
        for (int i = 1; i <= 5; i++) {
            post("/users", "{\"name\":\"N\",\"email\":\"n" + i + "@example.org\"}");
        }

        Response first = get("/users?limit=2");
        assertThat(body(first)).startsWith("[{\"id\":5,").contains("{\"id\":4,").doesNotContain("\"id\":3,");
        assertThat(first.headers().first("Link")).hasValue("</users?limit=2&after=4>; rel=\"next\"");
        assertThat(body(get("/users?limit=2&after=4")))
                .startsWith("[{\"id\":3,")
                .contains("{\"id\":2,");
        Response last = get("/users?limit=2&after=2");
        assertThat(body(last)).startsWith("[{\"id\":1,");
        assertThat(last.headers().first("Link")).isEmpty();
        assertThat(get("/users?limit=5").headers().first("Link"))
                .as("the link to a next page, when all users are on this one")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"limit=0, limit", "limit=1001, limit", "limit=ten, limit", "after=0, after", "after=x, after"})
    void page_whenMalformed_isRefused(String query, String field) {
        assertThat(refusal(() -> get("/users?" + query)).field()).hasValue(field);
    }

    @Test
    void account_afterADepositAndAWithdrawal_hasTheRest() throws Exception {
        Response opened = post("/accounts", "{\"owner\":\"Ann\"}");
        assertThat(opened.status()).isEqualTo(201);
        assertThat(opened.headers().first("Location")).hasValue("/accounts/1");
        assertThat(body(opened)).isEqualTo("{\"id\":1,\"owner\":\"Ann\",\"balance\":0," + NOW);
        assertThat(body(keyed("/accounts/1/deposit", "{\"amount\":100}", "a")))
                .isEqualTo("{\"id\":1,\"owner\":\"Ann\",\"balance\":100," + NOW);
        assertThat(body(keyed("/accounts/1/withdraw", "{\"amount\":30}", "b")))
                .isEqualTo("{\"id\":1,\"owner\":\"Ann\",\"balance\":70," + NOW);
        assertThat(body(get("/accounts/1"))).contains("\"balance\":70,");
        assertThat(body(get("/accounts/1/history")))
                .isEqualTo("[{\"id\":2,\"kind\":\"withdrawal\",\"amount\":-30,\"balance\":70," + NOW + ","
                        + "{\"id\":1,\"kind\":\"deposit\",\"amount\":100,\"balance\":100," + NOW + "]");
    }

    @Test
    void transfer_whenThereIsEnough_movesTheMoney() throws Exception {
        fillAccounts();

        Response moved = keyed("/transfers", "{\"from\":1,\"to\":2,\"amount\":40}", "t");
        assertThat(moved.status()).isEqualTo(201);
        assertThat(body(moved)).matches("\\{\"id\":\\d+,\"from\":1,\"to\":2,\"amount\":40,\"created_at\":.*");
        assertThat(body(get("/accounts/1"))).contains("\"balance\":60,");
        assertThat(body(get("/accounts/2/history"))).contains("\"amount\":40,\"balance\":40,\"counterpart\":1,");
    }

    @Test
    void sameKey_whenSentAgain_getsTheSameResponseWithoutEffect() throws Exception {
        fillAccounts();
        String first = body(keyed("/accounts/1/withdraw", "{\"amount\":60}", "k"));
        HttpException poor = refusal(() -> keyed("/accounts/1/withdraw", "{\"amount\":60}", "poor"));
        keyed("/accounts/1/deposit", "{\"amount\":500}", "more");

        assertThat(body(keyed("/accounts/1/withdraw", "{ \"amount\": 60 }", "k")))
                .isEqualTo(first);
        assertThat(poor.status()).isEqualTo(409);
        assertThat(poor.message()).isEqualTo("Insufficient funds");
        assertThat(refusal(() -> keyed("/accounts/1/withdraw", "{\"amount\":60}", "poor"))
                        .message())
                .isEqualTo("Insufficient funds");
        assertThat(refusal(() -> keyed("/accounts/1/withdraw", "{\"amount\":61}", "k"))
                        .status())
                .isEqualTo(422);
        assertThat(body(get("/accounts/1"))).contains("\"balance\":540,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "0",
                "1.0",
                "1.5",
                "1e3",
                "9007199254740992",
                "99999999999999999999",
                "\"5\"",
                "null",
                "true"
            })
    void amount_whenNotAPositiveInteger_isRefused(String amount) throws Exception {
        fillAccounts();

        HttpException refusal = refusal(() -> keyed("/accounts/1/deposit", "{\"amount\":" + amount + "}", "k"));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.field()).hasValue("amount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\\u200b", "a\\nb", "a\\u2028b"})
    void owner_whenNotAName_isRefused(String owner) {
        HttpException refusal = refusal(() -> post("/accounts", "{\"owner\":\"" + owner + "\"}"));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.field()).hasValue("owner");
    }

    /** A load balancer that checks the health sends no requests meanwhile, so none could find that the fault is over. */
    @Test
    void endOfAFault_isDetected_withoutARequest() throws Exception {
        Path away = folder.resolve("away");
        get("/users");
        Files.move(folder.resolve("thrum.db"), away);
        assertThat(refusal(() -> get("/users")).status()).isEqualTo(503);
        assertThat(data.fault()).isPresent();
        Files.move(away, folder.resolve("thrum.db"));

        data.start();
        data.beat();
        assertThat(data.fault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä"})
    void key_whenMissingOrMalformed_isRequired(String key) throws Exception {
        fillAccounts();
        Headers headers = key.isEmpty() ? Headers.none() : Headers.of("Idempotency-Key", key);

        HttpException refusal = refusal(() -> post("/accounts/1/deposit", "{\"amount\":5}", headers));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.field()).hasValue("Idempotency-Key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/accounts/9/deposit | {\"amount\":1} | 404 | ''",
                "/accounts/9/withdraw | {\"amount\":1} | 404 | ''",
                "/transfers | {\"from\":9,\"to\":1,\"amount\":1} | 404 | from",
                "/transfers | {\"from\":1,\"to\":9,\"amount\":1} | 404 | to",
                "/transfers | {\"from\":1,\"to\":1,\"amount\":1} | 400 | to",
                "/transfers | {\"from\":1,\"to\":2,\"amount\":101} | 409 | ''",
                "/accounts/1/deposit | {\"amount\":9007199254740991} | 409 | ''",
            })
    void operation_whenImpossible_isRefused(String path, String body, int status, String field) throws Exception {
        fillAccounts();

        HttpException refusal = refusal(() -> keyed(path, body, "k"));
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.field().orElse("")).isEqualTo(field);
    }

    @Test
    void busyDatabase_isReported_withRetryAfter() throws Exception {
        try (Database busy = StoreSchema.open(DatabaseConfig.of(Source.embedded(folder.resolve("busy")))
                .withCapacity(1)
                .withDeadline(Duration.ofMillis(300)))) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            busy.transaction(session -> {
                begun.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return 0;
            });
            begun.await();
            try {
                HttpHandler blocked = withStoreFaults(request -> {
                    int changed = StoreFaults.await(busy.update("DELETE FROM users"));
                    return Response.text("changed " + changed);
                });
                Request request = Request.of("GET", "/", Headers.none(), new byte[0]);
                HttpException late = refusal(() -> blocked.handle(request));
                assertThat(late.status()).isEqualTo(503);
                assertThat(late.headers().first("Retry-After")).hasValue("1");
                HttpException full = refusal(() -> blocked.handle(request));
                assertThat(full.status()).isEqualTo(503);
                assertThat(full.message()).contains("too much to do");
            } finally {
                release.countDown();
            }
        }
    }
}
