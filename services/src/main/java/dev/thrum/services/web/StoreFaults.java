package dev.thrum.services.web;

import dev.thrum.database.DatabaseException;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The responses for database failures; the cause is only logged, for the operator. */
public final class StoreFaults implements HttpFilter {
    /** Seconds until a retry may succeed: overload is soon over, a full disk is not. */
    private static final String SOON = "1";

    private static final String LATER = "5";

    /**
     * Waits for the result of a database call. If the thread is interrupted, the call is cancelled.
     *
     * @throws DatabaseException the failure of the call
     */
    public static <T> T await(CompletableFuture<T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DatabaseException failure) {
                throw failure;
            }
            throw new IllegalStateException("expected a database call to fail with a DatabaseException alone", e);
        } catch (InterruptedException e) {
            call.cancel(false);
            throw e;
        }
    }

    @Override
    public Response apply(Request request, HttpHandler next) throws Exception {
        try {
            return next.handle(request);
        } catch (DatabaseException e) {
            throw switch (e.reason()) {
                case OVERLOADED ->
                    HttpException.of(503, "The database has too much to do; nothing was done")
                            .with("Retry-After", SOON);
                case EXPIRED ->
                    HttpException.of(503, "The database is too slow now; nothing was done")
                            .with("Retry-After", SOON);
                case UNAVAILABLE ->
                    HttpException.of(503, "The database is not available; nothing was done")
                            .with("Retry-After", LATER);
                case CLOSED ->
                    HttpException.of(503, "The server is shutting down; nothing was done")
                            .with("Retry-After", LATER);
                case UNKNOWN ->
                    HttpException.of(504, "The database did not answer in time; the request may have been carried out");
                case FAILED -> e;
            };
        }
    }
}
