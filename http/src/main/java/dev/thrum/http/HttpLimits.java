package dev.thrum.http;

import dev.thrum.base.DurationText;
import java.time.Duration;

/**
 * The limits of one message: sizes, and how fast the peer must be. They bound the memory and time that a peer can cost.
 *
 * <p>A server applies them to requests. A client applies them to responses; there too much is a {@code
 * ResponseException}.
 *
 * @param requestLine bytes of a request line, or a status line, without its end, at least 16; more is refused with 414
 * @param fieldBytes bytes of all header fields with their line ends, and again of all trailer fields, at least 64; more
 *     is refused with 431
 * @param fields number of header fields, and of trailer fields, at least 1; more are refused with 431
 * @param body bytes of a body, unless its route sets another limit, at least 0; more are refused with 413
 * @param pace how fast the peer must be
 */
public record HttpLimits(int requestLine, int fieldBytes, int fields, long body, Pace pace) {
    public HttpLimits {
        atLeast(16, "requestLine", requestLine);
        atLeast(64, "fieldBytes", fieldBytes);
        atLeast(1, "fields", fields);
        atLeast(0, "body", body);
    }

    /** A request line of 8 KiB, 32 KiB of fields, 100 of them, a body of 1 MiB, and the default pace. */
    public static HttpLimits defaults() {
        return new HttpLimits(8 * 1024, 32 * 1024, 100, 1024 * 1024, Pace.defaults());
    }

    /** These limits with another maximum for bodies, in bytes. */
    public HttpLimits withBody(long value) {
        return new HttpLimits(requestLine, fieldBytes, fields, value, pace);
    }

    /** These limits with other maxima for header and trailer fields: bytes, and their number. */
    public HttpLimits withFields(int bytes, int count) {
        return new HttpLimits(requestLine, bytes, count, body, pace);
    }

    /** These limits with another pace. */
    public HttpLimits withPace(Pace value) {
        return new HttpLimits(requestLine, fieldBytes, fields, body, value);
    }

    private static void atLeast(long least, String name, long value) {
        if (value < least) {
            throw new IllegalArgumentException("expected " + name + " to be at least " + least + " but was " + value);
        }
    }

    /**
     * How fast a peer must send. A slower one is cut: a server responds with 408, a client throws a {@link
     * dev.thrum.engine.DeadlineException}. All durations are above zero.
     *
     * <p>Only waiting counts, not the time that a handler takes between two reads.
     *
     * @param idle how long it may be silent between two messages
     * @param head how long a head may take, from its first byte to its end; for a client also how long the response may
     *     take to begin
     * @param pause how long it may be silent within a body, if it was fast enough before
     * @param bodyRate average number of bytes of a body that it must send in a second: each time it has sent this many,
     *     it earns back a second of {@code pause}
     */
    public record Pace(Duration idle, Duration head, Duration pause, int bodyRate) {
        public Pace {
            positive("idle", idle);
            positive("head", head);
            positive("pause", pause);
            atLeast(1, "bodyRate", bodyRate);
        }

        /** A minute between messages, 10 s for a head, 10 s of pause in a body, 512 bytes a second. */
        public static Pace defaults() {
            return new Pace(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(10), 512);
        }

        /** This pace with another time between messages. */
        public Pace withIdle(Duration value) {
            return new Pace(value, head, pause, bodyRate);
        }

        /** This pace with another time for a head. */
        public Pace withHead(Duration value) {
            return new Pace(idle, value, pause, bodyRate);
        }

        /** This pace with another longest pause in a body, and another rate in bytes per second. */
        public Pace withBody(Duration longestPause, int bytesPerSecond) {
            return new Pace(idle, head, longestPause, bytesPerSecond);
        }

        private static void positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(
                        "expected " + name + " to be above zero but was " + DurationText.of(value));
            }
        }
    }
}
