package dev.thrum.http;

import java.time.Duration;

/**
 * What a message may cost.
 *
 * <p>For a client what is said here of requests holds for answers; too much is a {@code ResponseException} then.
 *
 * @param requestLine bytes of a request line, or a status line, without its end; more is answered with 414
 * @param fieldBytes bytes of all header fields with their line ends, and of all trailer fields; more is answered with 431
 * @param fields how many header or trailer fields; more are answered with 431
 * @param body bytes of a body where its route says nothing else; more are answered with 413
 * @param pace how quick the peer must be
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

    public HttpLimits withBody(long value) {
        return new HttpLimits(requestLine, fieldBytes, fields, value, pace);
    }

    public HttpLimits withFields(int bytes, int count) {
        return new HttpLimits(requestLine, bytes, count, body, pace);
    }

    public HttpLimits withPace(Pace value) {
        return new HttpLimits(requestLine, fieldBytes, fields, body, value);
    }

    private static void atLeast(long least, String name, long value) {
        if (value < least) {
            throw new IllegalArgumentException("expected " + name + " to be at least " + least + " but was " + value);
        }
    }

    /**
     * How quick the peer must be; who is slower is cut.
     *
     * @param idle how long it may be silent between two messages
     * @param head how long a head may take, from its first byte to its end; and how long a client waits for the head of an
     *     answer
     * @param pause how long it may be silent within a body, if it was quick enough before
     * @param bodyRate how many bytes of a body it must send in a second, in the mean: so many earn back a second of pause
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

        public Pace withIdle(Duration value) {
            return new Pace(value, head, pause, bodyRate);
        }

        public Pace withHead(Duration value) {
            return new Pace(idle, value, pause, bodyRate);
        }

        public Pace withBody(Duration longestPause, int bytesPerSecond) {
            return new Pace(idle, head, longestPause, bytesPerSecond);
        }

        private static void positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("expected " + name + " to be above zero but was " + value);
            }
        }
    }
}
