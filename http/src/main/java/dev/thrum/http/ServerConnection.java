package dev.thrum.http;

import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Response.Content;
import dev.thrum.http.ResponseWriter.Recipient;
import java.io.IOException;
import java.lang.System.Logger.Level;

/** The exchanges of one connection, one after the other. Owned by the handler's thread. */
final class ServerConnection {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** So much of a body that its handler did not want is read, to keep the connection for the next request. */
    private static final int MOST_DISCARDED = 64 * 1024;

    private final Connection connection;
    private final HttpHandler handler;
    private final HttpConfig config;
    private final RequestReader requests;
    private final ResponseWriter responses;

    /** Reading of the clock when the exchange under way began. */
    private long begun;

    ServerConnection(Connection connection, HttpHandler handler, HttpConfig config, HttpDate dates) {
        this.connection = connection;
        this.handler = handler;
        this.config = config;
        this.requests = new RequestReader(connection, config);
        this.responses = new ResponseWriter(connection, dates);
    }

    void serve() throws Exception {
        boolean keptAlive = true;
        while (keptAlive && awaitRequest()) {
            keptAlive = exchange();
        }
    }

    private boolean awaitRequest() throws IOException {
        // Of requests that came together, the next one begins where the last one ended.
        boolean isHere = connection.reader().position() < connection.reader().limit();
        try {
            boolean comes = isHere || connection.reader().awaitExchange();
            begun = isHere && begun != 0 ? begun : connection.clock().nanoTime();
            return comes;
        } catch (DeadlineException idle) {
            // RFC 9112, 9.5: between two requests a connection may be closed without a word.
            return false;
        }
    }

    /** Answers one request; returns whether the connection is kept. */
    private boolean exchange() throws Exception {
        Request request;
        try {
            request = requests.read();
            if (request == null) {
                return true;
            }
        } catch (HttpException e) {
            write(Outcome.of(e, config), "", "", Recipient.last());
            return false;
        }
        Outcome outcome = answer(request);
        Body body = request.body();
        boolean wanted =
                request.head().keepAlive() && !outcome.last() && connection.mayKeepAlive() && mayBeDiscarded(body);
        boolean kept = write(
                outcome,
                request.method(),
                request.route(),
                new Recipient(request.method().equals("HEAD"), request.head().http11(), wanted));
        return kept && (body.isDone() || discard(body));
    }

    /**
     * What a handler, or its failure, is answered with.
     *
     * @param last whether the connection can't be used any more
     */
    private record Outcome(Response response, boolean last) {
        static Outcome of(HttpException error, HttpConfig config) {
            return new Outcome(config.errors().answer(error).and(error.headers()), true);
        }
    }

    /**
     * The one place where exceptions become answers. Of what is not an {@link HttpException} the client learns nothing.
     */
    private Outcome answer(Request request) throws IOException, InterruptedException {
        Body body = request.body();
        try {
            Response response = handler.handle(request);
            return new Outcome(response, body.isBroken());
        } catch (HttpException e) {
            return new Outcome(Outcome.of(e, config).response(), body.isBroken());
        } catch (InterruptedException e) {
            // Somebody ends this conversation; it is not the handler's failure.
            throw e;
        } catch (IOException e) {
            if (body.isBroken()) {
                throw e;
            }
            return failed(request, e);
        } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
            return failed(request, e);
        }
    }

    private Outcome failed(Request request, Throwable e) {
        LOG.log(
                Level.ERROR,
                "connection " + connection.number() + " of " + request.client().getHostAddress() + ": the handler of "
                        + request.method() + " "
                        + (request.route().isEmpty() ? "a request without a route" : request.route()) + " failed",
                e);
        return new Outcome(
                Outcome.of(HttpException.of(500, "Internal server error"), config)
                        .response(),
                request.body().isBroken());
    }

    private boolean write(Outcome outcome, String method, String route, Recipient to) throws Exception {
        boolean whole = false;
        try {
            long now = connection.clock().nanoTime();
            boolean kept = responses.write(outcome.response(), to, now);
            if (outcome.response().content() instanceof Content.Stream) {
                now = connection.clock().nanoTime();
            }
            config.observer().answered(method, route, outcome.response().status(), now - begun);
            begun = now;
            whole = true;
            return kept;
        } finally {
            if (!whole) {
                // The client must not take what it got for the whole body, and an end would say so in HTTP/1.0.
                connection.reset();
            }
        }
    }

    /** A body that was not asked for need not come at all (RFC 9110, 10.1.1). */
    private static boolean mayBeDiscarded(Body body) {
        return body.isDone() || (!body.isBroken() && body.willCome() && body.leftAtLeast() <= MOST_DISCARDED);
    }

    private boolean discard(Body body) throws IOException {
        try {
            return body.discard(MOST_DISCARDED);
        } catch (HttpException e) {
            // It is answered already: all that can be done is to end here.
            return false;
        }
    }
}
