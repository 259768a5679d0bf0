package dev.thrum.http.server;

import dev.thrum.base.AddressText;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ExchangeHandler.Activity;
import dev.thrum.engine.Limits;
import dev.thrum.http.Body;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.Response.Takeover;
import dev.thrum.http.server.ExchangeLog.ResponseSummary;
import dev.thrum.http.server.ResponseWriter.ResponseFraming;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One exchange over a connection: a request and its response. Owned by the thread of the handler. */
final class ServerExchange {
    private static final System.Logger LOG = System.getLogger("dev.thrum.http");

    /** At most this many bytes of a body that its handler did not read are discarded, to keep the connection alive. */
    private static final int MOST_DISCARDED = 64 * 1024;

    private static final int FIRST_REDIRECT = 300;

    private final HttpServer server;
    private final Connection connection;
    private final HttpConfig config;
    private final RequestReader requests;
    private final ResponseWriter responses;

    /** The deadlines of the server's limits, for what takes the connection over. */
    private final Limits.Deadlines deadlines;

    /** Reading of the clock when the exchange began. */
    private final long started;

    // For reports of other threads.
    /** The request, once its head was read. */
    private volatile @Nullable Request asked;

    /** Reading of the clock when the exchange began, and in the end, when the next one does if it is pipelined. */
    private long begun;

    /**
     * The next exchange of a connection.
     *
     * @param number counts the requests of the connection, from 1
     * @param begun a reading of the clock
     */
    ServerExchange(HttpServer server, Connection connection, Limits.Deadlines deadlines, long number, long begun) {
        this.server = server;
        this.connection = connection;
        this.config = server.config();
        this.requests = new RequestReader(connection, config, number);
        this.responses = new ResponseWriter(connection, requests.context(), server.dates());
        this.deadlines = deadlines;
        this.started = begun;
        this.begun = begun;
    }

    /** The method and the route: both are of the program, and not of the client. Any thread may ask. */
    Activity activity() {
        Request request = asked;
        if (request == null) {
            return new Activity("reads a request", started);
        }
        String method = RequestReader.METHODS.contains(request.method()) ? request.method() : "OTHER";
        String route = request.route();
        return new Activity(method + (route.isEmpty() ? " (no route)" : " " + route), started);
    }

    /** What an exchange means for its connection. */
    enum Result {
        /** The connection is kept. */
        KEPT,
        /** The connection can't be used any more. */
        LAST,
        /** There was no request, but an empty line. */
        EMPTY_LINE
    }

    /** When the exchange has ended: a pipelined request begins then. */
    long ended() {
        return begun;
    }

    /**
     * Handles one request.
     *
     * @param mayBeEmpty whether an empty line may stand in its place
     */
    Result serve(boolean mayBeEmpty) throws Exception {
        Request request;
        try {
            request = requests.read(mayBeEmpty);
            if (request == null) {
                return Result.EMPTY_LINE;
            }
            asked = request;
        } catch (HttpException e) {
            write(new Handled(errorResponse(e, requests.refusedFields()), true), null, ResponseFraming.last());
            return Result.LAST;
        }
        if (server.tunnels().isEmpty() && Takeovers.isConnect(request)) {
            // A handler that responds with 200 would open a tunnel (RFC 9110, 9.3.6), so none is called.
            write(
                    new Handled(
                            errorResponse(
                                    HttpException.of(501, "Method not implemented: this server opens no tunnels"),
                                    request.headers()),
                            true),
                    request,
                    ResponseFraming.last());
            return Result.LAST;
        }
        boolean kept;
        try {
            kept = respond(request);
        } finally {
            // Before the server waits for the rest of an unread body.
            end(request);
        }
        return kept && (request.body().isDone() || discard(request.body())) ? Result.KEPT : Result.LAST;
    }

    /** The response has been sent, or has failed for a reason of its own; a failure here changes neither. */
    private void end(Request request) {
        try {
            request.scope().end();
        } catch (IOException e) {
            LOG.log(Level.ERROR, about(request) + " held a resource that could not be released", e);
            if (e.getCause() != null && !(e.getCause() instanceof IOException)) {
                connection.failed(e);
            }
        }
    }

    private boolean respond(Request request) throws Exception {
        Handled handled = handle(request);
        if (handled.response().takeover().isPresent()) {
            takeOver(request, handled, handled.response().takeover().get());
            return false;
        }
        Body body = request.body();
        body.responding(handled.response().content() instanceof Content.Stream
                && handled.response().status() < FIRST_REDIRECT);
        boolean wanted = requests.keepsAlive() && !handled.last() && connection.mayKeepAlive() && mayBeDiscarded(body);
        return write(
                handled,
                request,
                new ResponseFraming(
                        request.method().equals("HEAD"), request.head().http11(), wanted, body.isDone()));
    }

    /** Sends the response, and serves the connection by another protocol to its end. */
    private void takeOver(Request request, Handled handled, Takeover takeover) throws Exception {
        write(handled, request, ResponseFraming.last());
        connection.deadlines(deadlines);
        takeover.handler().handle(connection);
    }

    /**
     * The response of a handler, or of its failure.
     *
     * @param last whether the connection can't be used any more
     */
    private record Handled(Response response, boolean last) {}

    /**
     * The only place where exceptions become responses. Whatever a handler throws, its client gets a response; without
     * details, unless it is an {@link HttpException}.
     */
    private Handled handle(Request request) throws IOException {
        Body body = request.body();
        Response response;
        try {
            response = Objects.requireNonNull(
                    handlerOf(request).handle(request), "expected a response but the handler gave null");
            Takeovers.check(request, response);
        } catch (HttpException e) {
            response = errorResponse(e, request.headers());
        } catch (InterruptedException e) {
            // Mostly because this conversation was aborted; then nothing can be written any more.
            LOG.log(Level.DEBUG, "a handler was interrupted", e);
            response = errorResponse(internal(), request.headers());
        } catch (IOException e) {
            if (body.isAborted()) {
                throw e;
            }
            response = failed(request, e);
        } catch (Throwable e) {
            response = failed(request, e);
        }
        // An interrupt that the handler has not handled must not prevent the response.
        Thread.interrupted();
        return new Handled(response, body.isAborted());
    }

    private HttpHandler handlerOf(Request request) {
        return Takeovers.isConnect(request) ? server.tunnels().orElseThrow() : server.handler();
    }

    private String about(Request request) {
        return "connection " + connection.number() + " of " + AddressText.of(request.client()) + ": the handler of "
                + request.method() + " "
                + (request.route().isEmpty() ? "a request without a route" : request.route());
    }

    private Response failed(Request request, Throwable e) {
        LOG.log(Level.ERROR, about(request) + " failed", e);
        if (!(e instanceof IOException)) {
            connection.failed(e);
        }
        return errorResponse(internal(), request.headers());
    }

    private static HttpException internal() {
        return HttpException.of(500, "Internal server error");
    }

    /** In the configured format; as plain text if that fails. */
    private Response errorResponse(HttpException error, Headers asked) {
        try {
            return config.errors().response(error, asked).and(error.headers());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the format of error responses failed", e);
            return ErrorFormat.TEXT.response(error, asked).and(error.headers());
        }
    }

    /** Writes the response to this request, or to the one that could not be read. */
    private boolean write(Handled handled, @Nullable Request request, ResponseFraming to) throws Exception {
        Response response = handled.response();
        boolean streamed = !(response.content() instanceof Content.Bytes);
        boolean whole = false;
        long now = connection.clock().nanoTime();
        boolean kept;
        try {
            if (streamed) {
                // If this response fails, gathered output is lost with it: complete responses to earlier requests.
                connection.writer().flush();
            }
            kept = send(response, to, now);
            whole = true;
        } catch (HttpException e) {
            // From the body of the request, which was read while the response was written: a fault of the client.
            throw new IOException("reading the request's body failed while the response was written", e);
        } finally {
            if (!whole) {
                // The client must not take a part for the whole body; in HTTP/1.0 a normal end would mean that.
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

    private boolean send(Response response, ResponseFraming to, long now) throws Exception {
        if (response.takeover().isPresent()) {
            responses.writeTakeover(response, response.takeover().get().protocol(), now);
            return false;
        }
        return responses.write(response, to, now);
    }

    private void logged(@Nullable Request request, int status, long now) {
        if (!config.hasLog()) {
            return;
        }
        try {
            String id = request == null ? requests.refusedId() : request.id();
            config.log()
                    .responded(
                            connection.peer(),
                            request == null ? requests.refused() : request,
                            new ResponseSummary(id, status, responses.bodyBytes(), begun, now - begun));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the log of exchanges failed", e);
        }
    }

    private void observed(@Nullable Request request, int status, long nanos) {
        try {
            config.observer()
                    .responded(
                            request == null ? "" : request.method(),
                            request == null ? "" : request.route(),
                            status,
                            nanos);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the observer of exchanges failed", e);
        }
    }

    /** A client that waits for 100 (Continue) need not send its body at all (RFC 9110, 10.1.1). */
    private static boolean mayBeDiscarded(Body body) {
        return body.isDone() || (!body.isAborted() && body.willCome() && body.leftAtLeast() <= MOST_DISCARDED);
    }

    private boolean discard(Body body) throws IOException {
        try {
            return body.discard(MOST_DISCARDED);
        } catch (HttpException e) {
            // The response was sent already: the connection can only be closed.
            return false;
        }
    }
}
