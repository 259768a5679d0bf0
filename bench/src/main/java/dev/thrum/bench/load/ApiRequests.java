package dev.thrum.bench.load;

import java.nio.charset.StandardCharsets;

/** The requests for measurements of {@code thrum serve}. */
public final class ApiRequests {
    /** The placeholder for the number of each request, of the same length. */
    static final String NUMBER = "#".repeat(16);

    /** The first user id and the first balance of the account, so that all have the same number of digits. */
    public static final long FIRST = 1_000_000_000;

    private ApiRequests() {}

    static String of(Exchange exchange, int port) {
        return switch (exchange) {
            case ECHO -> post(port, "/echo", "", "{\"message\":\"Hello from Ada Lovelace, u" + NUMBER + "\"}");
            case USERS -> post(port, "/users", "", user("u" + NUMBER + "@example.org"));
            case DEPOSIT -> post(port, "/accounts/1/deposit", "Idempotency-Key: k" + NUMBER + "\r\n", "{\"amount\":1}");
            case TIME -> "GET /time" + head(port) + "\r\n";
            case LINE,
                    CONSOLE_LINE,
                    ECHO_LINE,
                    PLAINTEXT,
                    JSON,
                    PIPELINED,
                    SMALL,
                    LARGE,
                    MANY,
                    PASS,
                    BROADCAST,
                    BURST,
                    BULK,
                    HANDSHAKE,
                    RESUMPTION ->
                throw new IllegalArgumentException("expected a request to thrum serve but was " + exchange);
        };
    }

    public static String list(int port) {
        return "GET /users?limit=1" + head(port) + "\r\n";
    }

    public static String create(int port, String email) {
        return post(port, "/users", "", user(email));
    }

    private static String user(String email) {
        return "{\"name\":\"Ada Lovelace\",\"email\":\"" + email + "\"}";
    }

    private static String post(int port, String path, String headers, String body) {
        return "POST " + path + head(port) + headers + "Content-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private static String head(int port) {
        return " HTTP/1.1\r\nHost: localhost:" + port + "\r\nUser-Agent: thrum-bench\r\nAccept: */*\r\n";
    }
}
