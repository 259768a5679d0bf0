package dev.thrum.http.client;

import dev.thrum.base.DurationText;
import dev.thrum.engine.AddressRule;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpLimits;
import dev.thrum.tls.TlsClient;
import java.time.Duration;

/**
 * The configuration of a client: limits, deadlines and kept connections. Immutable.
 *
 * @param limits the sizes of status line, header fields and body, the body both as received and decoded; and the pace
 *     of the server
 * @param connect how long opening a connection may take, over at most four addresses of a host; the look-up of its
 *     name counts, but is not cut off
 * @param total how long an exchange may take, from {@link HttpClient#send} to the end of the body; the look-up of a
 *     name counts, but is not cut off
 * @param idle which connections are kept
 * @param compression whether responses may be compressed with gzip, deflate, br or zstd; they are decoded. A request
 *     with {@code Accept-Encoding} or {@code Range} is sent as it is, and its response not decoded.
 * @param userAgent the field {@code User-Agent} of requests that have none; empty for no field
 * @param parsing what becomes of malformed responses
 * @param addresses asked about every address before it is connected to
 * @param tls for https: whom to trust, and which certificate to show
 */
public record HttpClientConfig(
        HttpLimits limits,
        Duration connect,
        Duration total,
        Idle idle,
        boolean compression,
        String userAgent,
        Parsing parsing,
        AddressRule addresses,
        TlsClient tls) {
    private static final long MOST_BODY = 8L * 1024 * 1024;

    public HttpClientConfig {
        positive("connect", connect);
        positive("total", total);
        if (!userAgent.isEmpty()) {
            // Throws if it can't be the value of a field.
            var _ = Headers.of("User-Agent", userAgent);
        }
    }

    /**
     * The limits of {@link HttpLimits#defaults} but 8 MiB for a body, 10 s to connect, 60 s for an exchange, {@link
     * Idle#defaults}, compression, the user agent {@code thrum}, strict parsing, any address, and the authorities of the
     * system.
     */
    public static HttpClientConfig defaults() {
        return new HttpClientConfig(
                HttpLimits.defaults().withBody(MOST_BODY),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Idle.defaults(),
                true,
                "thrum",
                Parsing.STRICT,
                AddressRule.ANY,
                TlsClient.ofSystem().withApplicationProtocols("http/1.1"));
    }

    /** This configuration with other limits. */
    public HttpClientConfig withLimits(HttpLimits value) {
        return new HttpClientConfig(value, connect, total, idle, compression, userAgent, parsing, addresses, tls);
    }

    /** This configuration with other deadlines for connecting and for a whole exchange; both above zero. */
    public HttpClientConfig withDeadlines(Duration toConnect, Duration inTotal) {
        return new HttpClientConfig(limits, toConnect, inTotal, idle, compression, userAgent, parsing, addresses, tls);
    }

    /** This configuration with another limit for idle connections. */
    public HttpClientConfig withIdle(Idle value) {
        return new HttpClientConfig(limits, connect, total, value, compression, userAgent, parsing, addresses, tls);
    }

    /** This configuration with or without compression of responses. */
    public HttpClientConfig withCompression(boolean value) {
        return new HttpClientConfig(limits, connect, total, idle, value, userAgent, parsing, addresses, tls);
    }

    /** This configuration with another user agent; empty for none. */
    public HttpClientConfig withUserAgent(String value) {
        return new HttpClientConfig(limits, connect, total, idle, compression, value, parsing, addresses, tls);
    }

    /** This configuration with another treatment of malformed responses. */
    public HttpClientConfig withParsing(Parsing value) {
        return new HttpClientConfig(limits, connect, total, idle, compression, userAgent, value, addresses, tls);
    }

    /** This configuration with a rule for the addresses that may be connected to. */
    public HttpClientConfig withAddresses(AddressRule value) {
        return new HttpClientConfig(limits, connect, total, idle, compression, userAgent, parsing, value, tls);
    }

    /** This configuration with another trust in servers, or a certificate of our own; its host does not matter. */
    public HttpClientConfig withTls(TlsClient value) {
        TlsClient offering = value.withApplicationProtocols("http/1.1");
        return new HttpClientConfig(limits, connect, total, idle, compression, userAgent, parsing, addresses, offering);
    }

    /** What becomes of malformed responses. */
    public enum Parsing {
        /** Any doubt is an error: for services whose responses are well formed. */
        STRICT,
        /**
         * Responses are read as browsers read them: for the servers of others. The deviations that are tolerated are
         * listed in the guide of the client. After one that puts the end of the response in doubt, the connection is
         * not reused.
         */
        TOLERANT
    }

    boolean isTolerant() {
        return parsing == Parsing.TOLERANT;
    }

    /** Whether connections are kept at all. */
    boolean keepsAlive() {
        return idle.most() > 0 && idle.mostPerHost() > 0;
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "expected " + name + " to be above zero but was " + DurationText.of(value));
        }
    }

    /**
     * The limits for connections that are kept for a next request. If one is exceeded, the connection that has been
     * idle longest is closed.
     *
     * @param most number of idle connections; 0 keeps none, and sends {@code Connection: close}
     * @param mostPerHost number of idle connections to one host and port; 0 keeps none
     * @param time how long a connection is kept, above zero
     */
    public record Idle(int most, int mostPerHost, Duration time) {
        public Idle {
            if (most < 0 || mostPerHost < 0) {
                throw new IllegalArgumentException("expected numbers of idle connections of at least 0 but they were "
                        + most + " and " + mostPerHost);
            }
            positive("the time of idle connections", time);
        }

        /** 256 connections, 64 to one host, for 30 s each: most servers wait longer. */
        public static Idle defaults() {
            return new Idle(256, 64, Duration.ofSeconds(30));
        }

        /** Keeps no connections: each request opens one. */
        public static Idle none() {
            return new Idle(0, 0, Duration.ofSeconds(1));
        }
    }
}
