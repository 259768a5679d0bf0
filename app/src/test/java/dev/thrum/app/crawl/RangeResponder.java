package dev.thrum.app.crawl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A file with a strong validator, of which ranges can be requested. Until it may send all, each response stops at a limit and waits. */
final class RangeResponder implements RawServer.Responder {
    private static final String ETAG = "\"version-1\"";
    private static final int PIECE = 16 * 1024;

    private final byte[] file;
    private final Runnable atLimit;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int limit;
    private volatile long sent;

    /**
     * A file.
     *
     * @param limit the index in the file at which responses stop
     * @param atLimit what happens when one has stopped
     */
    RangeResponder(byte[] file, int limit, Runnable atLimit) {
        this.file = file;
        this.limit = limit;
        this.atLimit = atLimit;
    }

    static byte[] file(long seed, int length) {
        byte[] file = new byte[length];
        new Random(seed).nextBytes(file);
        return file;
    }

    void sendAll() {
        limit = file.length;
        closed.countDown();
    }

    /** Bytes of the body of the last response. */
    long sent() {
        return sent;
    }

    @Override
    public void respond(String target, Map<String, String> fields, OutputStream out) throws IOException {
        String range = fields.getOrDefault("range", "");
        boolean isPart = range.matches("bytes=\\d+-") && ETAG.equals(fields.getOrDefault("if-range", ETAG));
        int from = isPart ? Integer.parseInt(range.substring(6, range.length() - 1)) : 0;
        String head = isPart
                ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + from + "-" + (file.length - 1) + "/"
                        + file.length
                : "HTTP/1.1 200 OK";
        out.write((head + "\r\nConnection: close\r\nAccept-Ranges: bytes\r\nETag: " + ETAG + "\r\nContent-Length: "
                        + (file.length - from) + "\r\n\r\n")
                .getBytes(US_ASCII));
        long count = 0;
        sent = count;
        int at = from;
        while (at < limit) {
            int length = Math.min(PIECE, limit - at);
            out.write(file, at, length);
            at += length;
            count += length;
            sent = count;
        }
        out.flush();
        if (limit < file.length) {
            atLimit.run();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
