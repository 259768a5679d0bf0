package dev.thrum.http.files;

import dev.thrum.base.Offload;
import dev.thrum.http.ExchangeScope;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the memory of folder lists: the number that are made at a time, and the bytes of long ones that are being
 * sent, possibly to slow clients. Safe for concurrent use.
 */
final class ListingLimiter {
    private static final int MADE_AT_ONCE = 4;
    private static final int MOST_WAITING = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A connection may hold this many bytes anyway. */
    private static final int SHORT = 64 << 10;

    private static final int MOST_KILOBYTES = 32 << 10;

    private final Duration patience;
    private final Semaphore making = new Semaphore(MADE_AT_ONCE, true);
    private final Semaphore kilobytes = new Semaphore(MOST_KILOBYTES);

    ListingLimiter() {
        this(PATIENCE);
    }

    /** Limits the wait of each for its turn. */
    ListingLimiter(Duration patience) {
        this.patience = patience;
    }

    /** The number of requests that wait for their turn. */
    int waiting() {
        return making.getQueueLength();
    }

    /**
     * Makes a list in an offloaded task and returns the response. It waits for its turn before it offloads, so waiting
     * requests take no thread of the pool.
     *
     * @throws HttpException 503 if too many lists are in flight
     */
    Response response(Request request, Callable<Response> list) throws Exception {
        if (waiting() >= MOST_WAITING || !making.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw FileLoader.busy();
        }
        try {
            return bounded(request.scope(), request.offload(Offload.FILES, list));
        } finally {
            making.release();
        }
    }

    private Response bounded(ExchangeScope scope, Response response) throws IOException {
        if (!(response.content() instanceof Content.Bytes here) || here.bytes().length <= SHORT) {
            return response;
        }
        int size = here.bytes().length >> 10;
        if (!kilobytes.tryAcquire(size)) {
            throw FileLoader.busy();
        }
        scope.atEnd(() -> kilobytes.release(size));
        return response;
    }
}
