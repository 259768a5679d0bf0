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
 * Bounds the memory of lists of folders: how many are made at a time, and how many bytes of long ones are on their way to
 * clients, who may take their time. Safe for concurrent use.
 */
final class ListingLimiter {
    private static final int MADE_AT_ONCE = 4;
    private static final int MOST_WAITING = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** As much as a connection may hold anyway. */
    private static final int SHORT = 64 << 10;

    private static final int MOST_KILOBYTES = 32 << 10;

    private final Duration patience;
    private final Semaphore making = new Semaphore(MADE_AT_ONCE, true);
    private final Semaphore kilobytes = new Semaphore(MOST_KILOBYTES);

    ListingLimiter() {
        this(PATIENCE);
    }

    /** With so much time for each to wait for its turn. */
    ListingLimiter(Duration patience) {
        this.patience = patience;
    }

    /** How many wait for their turn. */
    int waiting() {
        return making.getQueueLength();
    }

    /**
     * The answer with a list that this makes where it may block; that is not begun before its turn has come, so those that
     * wait keep nothing that others need.
     *
     * @throws HttpException 503 if too many are under way
     */
    Response answer(Request request, Callable<Response> list) throws Exception {
        if (waiting() >= MOST_WAITING || !making.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw FileLoader.busy();
        }
        try {
            return bounded(request.scope(), request.offload(Offload.FILES, list));
        } finally {
            making.release();
        }
    }

    private Response bounded(ExchangeScope scope, Response answer) throws IOException {
        if (!(answer.content() instanceof Content.Bytes here) || here.bytes().length <= SHORT) {
            return answer;
        }
        int size = here.bytes().length >> 10;
        if (!kilobytes.tryAcquire(size)) {
            throw FileLoader.busy();
        }
        scope.atEnd(() -> kilobytes.release(size));
        return answer;
    }
}
