package dev.thrum.http.client;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpLimits;
import java.time.Duration;

/**
 * How a client speaks, and for how long.
 *
 * @param limits what an answer may cost: its status line, its fields, the bytes of its body both as they come and decoded,
 *     and how quick the server must be
 * @param connect how long opening a connection may take, over all addresses of a host; looking up its name comes before
 *     that and takes as long as the system's resolver does
 * @param total how long an exchange may take, from {@link HttpClient#send} to the end of the body
 * @param idle which connections are kept
 * @param gzip whether answers may come compressed; they are decoded
 * @param userAgent the field User-Agent where a request has none; empty for none
 */
public record HttpClientConfig(
        HttpLimits limits, Duration connect, Duration total, Idle idle, boolean gzip, String userAgent) {
    private static final long MOST_BODY = 8L * 1024 * 1024;

    public HttpClientConfig {
        positive("connect", connect);
        positive("total", total);
        if (!userAgent.isEmpty()) {
            // Refuses what would not stay within the field.
            var _ = Headers.of("User-Agent", userAgent);
        }
    }

    /**
     * Default limits but for a body of 8 MiB, 10 s to connect, a minute for an exchange, default idle connections, gzip, and
     * the name {@code thrum}.
     */
    public static HttpClientConfig defaults() {
        return new HttpClientConfig(
                HttpLimits.defaults().withBody(MOST_BODY),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Idle.defaults(),
                true,
                "thrum");
    }

    public HttpClientConfig withLimits(HttpLimits value) {
        return new HttpClientConfig(value, connect, total, idle, gzip, userAgent);
    }

    public HttpClientConfig withDeadlines(Duration toConnect, Duration inTotal) {
        return new HttpClientConfig(limits, toConnect, inTotal, idle, gzip, userAgent);
    }

    public HttpClientConfig withIdle(Idle value) {
        return new HttpClientConfig(limits, connect, total, value, gzip, userAgent);
    }

    public HttpClientConfig withGzip(boolean value) {
        return new HttpClientConfig(limits, connect, total, idle, value, userAgent);
    }

    public HttpClientConfig withUserAgent(String value) {
        return new HttpClientConfig(limits, connect, total, idle, gzip, value);
    }

    /** Whether connections are kept at all. */
    boolean keepsAlive() {
        return idle.most() > 0 && idle.mostPerHost() > 0;
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("expected " + name + " to be above zero but was " + value);
        }
    }

    /**
     * Which connections are kept for a next request.
     *
     * @param most how many at once; 0 keeps none, and says so to the server
     * @param mostPerHost how many of them to one host and port
     * @param time how long one is kept
     */
    public record Idle(int most, int mostPerHost, Duration time) {
        public Idle {
            if (most < 0 || mostPerHost < 0) {
                throw new IllegalArgumentException("expected numbers of idle connections of at least 0 but they were "
                        + most + " and " + mostPerHost);
            }
            positive("the time of idle connections", time);
        }

        /** 256 of them, 64 to one host, for 30 s each: less than most servers wait. */
        public static Idle defaults() {
            return new Idle(256, 64, Duration.ofSeconds(30));
        }

        /** Each request has a connection of its own. */
        public static Idle none() {
            return new Idle(0, 0, Duration.ofSeconds(1));
        }
    }
}
