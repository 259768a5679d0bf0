package dev.thrum.http.server;

import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Body;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.server.ExchangeLog.Answered;
import dev.thrum.http.server.ResponseWriter.ResponseFraming;
import dev.thrum.http.syntax.HttpDate;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The exchanges of one connection, one after the other. Owned by the handler's thread. */
final class ServerConnection {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** So much of a body that its handler did not want is read, to keep the connection for the next request. */
    private static final int MOST_DISCARDED = 64 * 1024;

    private static final int FIRST_REDIRECT = 300;

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
            write(new Handled(told(e, requests.refusedFields()), true), null, ResponseFraming.last());
            return false;
        }
        if (request.method().equals("CONNECT")) {
            // Whatever answered it with 200 would have opened a tunnel (RFC 9110, 9.3.6): no handler is asked.
            write(
                    new Handled(
                            told(
                                    HttpException.of(501, "Method not implemented: this server opens no tunnels"),
                                    request.headers()),
                            true),
                    request,
                    ResponseFraming.last());
            return false;
        }
        boolean kept;
        try {
            kept = respond(request);
        } finally {
            // Before a body is awaited that nobody wants.
            request.scope().end();
        }
        return kept && (request.body().isDone() || discard(request.body()));
    }

    private boolean respond(Request request) throws Exception {
        Handled handled = handle(request);
        Body body = request.body();
        body.responding(handled.response().content() instanceof Content.Stream
                && handled.response().status() < FIRST_REDIRECT);
        boolean wanted =
                request.head().keepAlive() && !handled.last() && connection.mayKeepAlive() && mayBeDiscarded(body);
        return write(
                handled,
                request,
                new ResponseFraming(
                        request.method().equals("HEAD"), request.head().http11(), wanted, body.isDone()));
    }

    /**
     * What a handler, or its failure, is answered with.
     *
     * @param last whether the connection can't be used any more
     */
    private record Handled(Response response, boolean last) {}

    /**
     * The one place where exceptions become answers. Of what is not an {@link HttpException} the client learns nothing.
     */
    // A handler is other people's code: whatever it throws, its client gets an answer.
    private Handled handle(Request request) throws IOException {
        Body body = request.body();
        Response response;
        try {
            response = Objects.requireNonNull(handler.handle(request), "expected a response but the handler gave null");
        } catch (HttpException e) {
            response = told(e, request.headers());
        } catch (InterruptedException e) {
            // Mostly because somebody ends this conversation; then nothing can be written any more.
            LOG.log(Level.DEBUG, "a handler was interrupted", e);
            response = told(internal(), request.headers());
        } catch (IOException e) {
            if (body.isAborted()) {
                throw e;
            }
            response = failed(request, e);
        } catch (Throwable e) {
            response = failed(request, e);
        }
        // An interrupt that the handler kept for later must not cost its client the answer.
        Thread.interrupted();
        return new Handled(response, body.isAborted());
    }

    private Response failed(Request request, Throwable e) {
        LOG.log(
                Level.ERROR,
                "connection " + connection.number() + " of " + request.client().getHostAddress() + ": the handler of "
                        + request.method() + " "
                        + (request.route().isEmpty() ? "a request without a route" : request.route()) + " failed",
                e);
        if (!(e instanceof IOException)) {
            connection.failed(e);
        }
        return told(internal(), request.headers());
    }

    private static HttpException internal() {
        return HttpException.of(500, "Internal server error");
    }

    /** In the words of the server's format; if that fails, in plain ones. */
    private Response told(HttpException error, Headers asked) {
        try {
            return config.errors().answer(error, asked).and(error.headers());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the format of errors failed", e);
            return ErrorFormat.TEXT.answer(error, asked).and(error.headers());
        }
    }

    /** Answers this request, or the one that could not be read. */
    private boolean write(Handled handled, @Nullable Request request, ResponseFraming to) throws Exception {
        Response response = handled.response();
        boolean streamed = !(response.content() instanceof Content.Bytes);
        boolean whole = false;
        long now = connection.clock().nanoTime();
        boolean kept;
        try {
            if (streamed) {
                // If it fails, what is gathered goes with it; and that are whole answers to requests before this one.
                connection.writer().flush();
            }
            kept = responses.write(response, to, now);
            whole = true;
        } catch (HttpException e) {
            // The body of the request, read while the answer was written: the client's doing.
            throw new IOException("the request's body failed while the answer was written", e);
        } finally {
            if (!whole) {
                // The client must not take what it got for the whole body, and an end would say so in HTTP/1.0.
                connection.reset();
                logged(request, response.status(), connection.clock().nanoTime());
            }
        }
        now = streamed ? connection.clock().nanoTime() : now;
        observed(request, response.status(), now - begun);
        logged(request, response.status(), now);
        begun = now;
        return kept;
    }

    private void logged(@Nullable Request request, int status, long now) {
        if (!config.hasLog()) {
            return;
        }
        try {
            String id = request == null ? requests.refusedId() : request.id();
            config.log()
                    .answered(
                            connection.peer(),
                            request == null ? requests.refused() : request,
                            new Answered(id, status, responses.bodyBytes(), begun, now - begun));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the log of exchanges failed", e);
        }
    }

    private void observed(@Nullable Request request, int status, long nanos) {
        try {
            config.observer()
                    .answered(
                            request == null ? "" : request.method(),
                            request == null ? "" : request.route(),
                            status,
                            nanos);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the observer of exchanges failed", e);
        }
    }

    /** A body that was not asked for need not come at all (RFC 9110, 10.1.1). */
    private static boolean mayBeDiscarded(Body body) {
        return body.isDone() || (!body.isAborted() && body.willCome() && body.leftAtLeast() <= MOST_DISCARDED);
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
