package dev.thrum.bench.load;

import java.nio.charset.StandardCharsets;

/** The requests that the services of {@code thrum serve} are measured with. */
public final class ApiRequests {
    /** Stands where each request has a number of its own, of as many digits. */
    static final String NUMBER = "#".repeat(16);

    /** What the numbers of users and the balance of the account begin at, so that all have as many digits. */
    public static final long FIRST = 1_000_000_000;

    private ApiRequests() {}

    static String of(Exchange exchange, int port) {
        return switch (exchange) {
            case ECHO -> post(port, "/echo", "", "{\"message\":\"Hello from Ada Lovelace, u" + NUMBER + "\"}");
            case USERS -> post(port, "/users", "", user("u" + NUMBER + "@example.org"));
            case DEPOSIT -> post(port, "/accounts/1/deposit", "Idempotency-Key: k" + NUMBER + "\r\n", "{\"amount\":1}");
            case TIME -> "GET /time" + head(port) + "\r\n";
            case LINE, CONSOLE_LINE, ECHO_LINE, PLAINTEXT, JSON, PIPELINED, SMALL, LARGE, MANY, PASS ->
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
