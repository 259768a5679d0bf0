package dev.thrum.http.server;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Takeover;

/** Decides whether a connection may be taken over after a response to this request (RFC 9110, 7.8 and 9.3.6). */
final class Takeovers {
    private static final int FIRST_REDIRECT = 300;

    private Takeovers() {}

    static boolean isConnect(Request request) {
        return request.method().equals("CONNECT");
    }

    /**
     * Checks the response of a handler.
     *
     * @throws HttpException if the request does not allow it
     * @throws IllegalStateException if the handler is to blame
     */
    static void check(Request request, Response response) {
        boolean connect = isConnect(request);
        Takeover takeover = response.takeover().orElse(null);
        if (takeover == null) {
            if (connect && response.status() < FIRST_REDIRECT) {
                throw new IllegalStateException(
                        "expected Response.takeover(handler), or a status from 300 up, in response"
                                + " to CONNECT but the status was " + response.status()
                                + ", which would open a tunnel");
            }
            return;
        }
        if (connect != takeover.protocol().isEmpty()) {
            throw new IllegalStateException("expected Response.takeover(handler) in response to CONNECT, and"
                    + " Response.takeover(protocol, handler) in response to other methods, but the method was "
                    + request.method()
                    + (connect ? " and the protocol " + takeover.protocol() : " and there was no protocol"));
        }
        requireAsked(request, takeover.protocol());
        if (!request.body().isDone()) {
            throw HttpException.of(
                    400, "Expected no body in a request after which the connection speaks another protocol");
        }
    }

    private static void requireAsked(Request request, String protocol) {
        Headers headers = request.headers();
        boolean asked = protocol.isEmpty()
                || (headers.hasElement("Upgrade", protocol) && headers.hasElement("Connection", "upgrade"));
        if (!request.isHttp11() || !asked) {
            throw HttpException.of(
                    400,
                    "Expected a request of HTTP/1.1"
                            + (protocol.isEmpty() ? "" : " with Upgrade: " + protocol + " and Connection: upgrade"));
        }
    }
}
