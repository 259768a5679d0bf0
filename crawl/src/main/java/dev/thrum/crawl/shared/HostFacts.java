package dev.thrum.crawl.shared;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the next owner of an authority must know of it. All times are durations from when they were written, so the clocks of processes
 * don't matter.
 *
 * @param hostRest until the next request of the host
 * @param rest until the next request of this authority
 * @param delay from the end of a response to the next request
 * @param failures since the last response
 * @param failingFor since the first of them
 * @param trouble the code of the last one
 * @param givenUp why nothing more is requested of it; null if it is
 */
public record HostFacts(
        Duration hostRest,
        Duration rest,
        Duration delay,
        int failures,
        Duration failingFor,
        int trouble,
        @Nullable String givenUp) {
    private static final int VERSION = 1;

    /** Those of an authority of which nothing is known but when it may be asked. */
    static HostFacts resting(Duration rest, Duration delay) {
        return new HostFacts(rest, Duration.ZERO, delay, 0, Duration.ZERO, 0, null);
    }

    /** These after some time. */
    HostFacts after(Duration age) {
        return new HostFacts(
                left(hostRest, age), left(rest, age), delay, failures, failingFor.plus(age), trouble, givenUp);
    }

    private static Duration left(Duration time, Duration age) {
        return time.compareTo(age) > 0 ? time.minus(age) : Duration.ZERO;
    }

    /** These if the host has been asked by somebody until some time from now, at the latest. */
    HostFacts askedUntil(Duration end) {
        Duration least = end.plus(delay);
        return new HostFacts(
                hostRest.compareTo(least) > 0 ? hostRest : least, rest, delay, failures, failingFor, trouble, givenUp);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(hostRest.toMillis() + 1);
            out.writeLong(rest.toMillis() + 1);
            out.writeLong(delay.toNanos());
            out.writeInt(failures);
            out.writeLong(failingFor.toMillis());
            out.writeByte(trouble);
            out.writeUTF(givenUp == null ? "" : givenUp.substring(0, Math.min(givenUp.length(), 1_000)));
        } catch (IOException e) {
            throw new UncheckedIOException("expected memory to take bytes", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if it is of another version */
    static HostFacts decode(byte[] value) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("expected facts of a host of version " + VERSION + " but they are of " + version
                    + ": use the release of Thrum that began the crawl");
        }
        Duration hostRest = Duration.ofMillis(in.readLong());
        Duration rest = Duration.ofMillis(in.readLong());
        Duration delay = Duration.ofNanos(in.readLong());
        int failures = in.readInt();
        Duration failingFor = Duration.ofMillis(in.readLong());
        int trouble = in.readByte();
        String givenUp = in.readUTF();
        return new HostFacts(hostRest, rest, delay, failures, failingFor, trouble, givenUp.isEmpty() ? null : givenUp);
    }
}
