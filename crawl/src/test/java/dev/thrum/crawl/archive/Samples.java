package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.crawl.archive.OutputOptions.Warc;
import dev.thrum.testkit.scripted.HandClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Pages, exchanges and options for tests. */
final class Samples {
    static final Instant TIME = Instant.parse("2026-11-20T08:20:00.120Z");

    /** Writes, but leaves it to the system when: a test is not about power failures. */
    static final FileCalls QUICK = new FileCalls() {
        @Override
        public void force(FileChannel file) {
            // Nobody reads it but this machine.
        }

        @Override
        public void forceNames(Path folder) {
            // As above.
        }
    };

    private Samples() {}

    static OutputOptions options(long seed) {
        return OutputOptions.of(new HandClock(TIME), new SplittableRandom(seed));
    }

    static OutputOptions options(Warc warc) {
        return options(1).withWarc(warc);
    }

    static PageRecord page(String url) {
        PageRecord.Answer answer = new PageRecord.Answer(
                url,
                200,
                "A title",
                "text/html",
                "UTF-8",
                "sha256:00ff",
                5,
                "\"e\"",
                "Fri, 20 Nov 2026 08:00:00 GMT",
                null);
        return new PageRecord(url, "http://a.example/", 1, TIME, answer, null, null, null, null);
    }

    static Exchange exchange(String url, String head, byte[] body) {
        String request = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
        return new Exchange(
                url,
                TIME,
                address(),
                request.getBytes(ISO_8859_1),
                (head.replace("\n", "\r\n") + "\r\n").getBytes(ISO_8859_1),
                body,
                null,
                null);
    }

    static Exchange exchange(String url, String content) {
        byte[] body = content.getBytes(UTF_8);
        return exchange(url, "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: " + body.length + "\n", body);
    }

    static Exchange truncated(Exchange whole, Truncation reason) {
        return new Exchange(
                whole.url(),
                whole.time(),
                whole.address(),
                whole.request(),
                whole.head(),
                whole.body(),
                reason,
                whole.earlier());
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 5});
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    /** The content in chunks of all sizes. */
    static byte[] chunked(byte[] content, RandomGenerator random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < content.length; ) {
            int size = Math.min(content.length - at, 1 + random.nextInt(1 << random.nextInt(1, 14)));
            bytes.writeBytes(
                    (Integer.toHexString(size) + (random.nextInt(4) == 0 ? ";a=b" : "") + "\r\n").getBytes(ISO_8859_1));
            bytes.write(content, at, size);
            bytes.writeBytes("\r\n".getBytes(ISO_8859_1));
            at += size;
        }
        bytes.writeBytes((random.nextBoolean() ? "0\r\n\r\n" : "000\r\nSum: 7\r\n\r\n").getBytes(ISO_8859_1));
        return bytes.toByteArray();
    }

    static byte[] bytes(RandomGenerator random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A text with everything that JSON, lines and terminals treat as special. */
    static String nasty(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            switch (random.nextInt(5)) {
                case 0 ->
                    text.append(
                            "\"\\\n\r\t\b\f\0\u001b\u007f\u0085\u2028\u2029\u202e{}[],:".charAt(random.nextInt(20)));
                case 1 -> text.append((char) random.nextInt(0xd800, 0xe000));
                case 2 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
                case 3 -> text.append((char) random.nextInt(0x80, 0x3000));
                default -> text.append((char) random.nextInt(' ', 0x7f));
            }
        }
        return text.toString();
    }

    static @Nullable String nastyOrNull(RandomGenerator random) {
        return random.nextInt(3) == 0 ? null : nasty(random);
    }

    static PageRecord nastyPage(RandomGenerator random) {
        PageRecord.Answer answer = new PageRecord.Answer(
                nasty(random),
                random.nextInt(200, 1000),
                nastyOrNull(random),
                nastyOrNull(random),
                nastyOrNull(random),
                nastyOrNull(random),
                random.nextLong() >>> 1,
                nastyOrNull(random),
                nastyOrNull(random),
                nastyOrNull(random));
        PageRecord.Change[] changes = PageRecord.Change.values();
        Truncation[] reasons = Truncation.values();
        return new PageRecord(
                nasty(random),
                nastyOrNull(random),
                random.nextInt(100),
                Instant.ofEpochMilli(random.nextLong(0, 253_402_300_800_000L)),
                random.nextInt(5) == 0 ? null : answer,
                random.nextBoolean() ? null : reasons[random.nextInt(reasons.length)],
                nastyOrNull(random),
                random.nextBoolean() ? null : changes[random.nextInt(changes.length)],
                nastyOrNull(random));
    }

    static List<LinkRecord> nastyLinks(RandomGenerator random) {
        List<LinkRecord> links = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            links.add(new LinkRecord(nasty(random), nastyOrNull(random), nastyOrNull(random), random.nextBoolean()));
        }
        return links;
    }
}
