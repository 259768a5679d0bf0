package dev.thrum.examples;

import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.http.Body;
import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A reverse HTTP proxy: it passes requests to another server, and the responses back.
 *
 * <pre>
 * java -cp '/tmp/thrum/lib/*' ReverseProxy.java http://localhost:8080 [threads|virtual|events [PORT]]
 * curl localhost:7030/time
 * </pre>
 *
 * <p>What to learn here:
 *
 * <ul>
 *   <li>Server and client are both blocking code on the same engine: a handler sends a request and waits.
 *   <li>Bodies are streams in both directions. The proxy never has more of them in memory than a buffer.
 *   <li>Fields that concern one connection are not passed on (RFC 9110, 7.6.1). {@code Forwarded} (RFC 7239) tells the
 *       upstream server who its client is, {@code Via} which way the message took.
 *   <li>Every wait has a deadline. An upstream server that fails becomes 502, one that is too slow 504. Once a response
 *       has begun there is no way back: if the rest fails, the connection is reset, so that the client does not take a
 *       part for the whole.
 *   <li>Connections to the upstream server are kept and used again.
 * </ul>
 */
final class ReverseProxy implements HttpHandler {
    private static final System.Logger LOG = System.getLogger("dev.thrum.examples.proxy");
    private static final String VIA = "1.1 thrum-example";
    private static final long MOST_BODY = 1L << 30;

    /** Fields for the next hop only, besides those that {@code Connection} names; and those between client and proxy. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "proxy-connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization");

    /** Fields of requests that are made again: by the client for its own connection, and below. */
    private static final Set<String> REPLACED_IN_REQUESTS = Set.of(
            "host",
            "content-length",
            "expect",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto");

    /** Fields of responses that the server sets itself. */
    private static final Set<String> REPLACED_IN_RESPONSES = Set.of("content-length", "date");

    private final HttpClient client;
    private final String upstream;

    /**
     * A proxy.
     *
     * @param upstream the server, such as {@code http://localhost:8080}
     */
    ReverseProxy(HttpClient client, URI upstream) {
        this.client = client;
        this.upstream = "http://" + upstream.getRawAuthority();
    }

    /** Arguments: the upstream server; an engine and a port, which may be left out. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("expected the upstream server first, such as http://localhost:8080");
        }
        String engineName = arguments.length > 1 ? arguments[1] : "virtual";
        int port = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 7030;
        // Only this machine can connect. To serve others, name the address of a network interface here.
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (Engine engine = engine(engineName);
                HttpClient client = HttpClient.over(engine, clientConfig(Duration.ofSeconds(30)))) {
            HttpHandler proxy = new ReverseProxy(client, URI.create(arguments[0]));
            Server server = engine.listen(address, HttpServer.over(proxy, serverConfig()), Limits.defaults());
            // At Ctrl-C: no new clients, and ten seconds for the requests that are being served.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                engine.shutdown(Duration.ofSeconds(10));
                IO.println("stopped");
            }));
            IO.println("the reverse proxy listens on " + server.address() + ", engine " + engine.name());
            server.awaitClosed();
        }
    }

    /** The engine is one line; the handler is the same on all of them. */
    private static Engine engine(String name) {
        return switch (name) {
            case "threads" -> Engine.threads(200, 1_000); // 200 clients at a time, and 1,000 that wait
            case "virtual" -> Engine.virtual();
            case "events" -> EventEngine.open(EventOptions.defaults());
            default ->
                throw new IllegalArgumentException("expected the engine threads, virtual or events but was " + name);
        };
    }

    static HttpConfig serverConfig() {
        return HttpConfig.defaults().withLimits(HttpLimits.defaults().withBody(MOST_BODY));
    }

    /**
     * Bodies pass as they are, compressed or not; and the user agent is the one of the client.
     *
     * @param patience how long the upstream server may take to begin its response
     */
    static HttpClientConfig clientConfig(Duration patience) {
        HttpLimits limits = HttpLimits.defaults()
                .withBody(MOST_BODY)
                .withPace(HttpLimits.Pace.defaults().withHead(patience));
        return HttpClientConfig.defaults()
                .withLimits(limits)
                .withDeadlines(Duration.ofSeconds(5), Duration.ofMinutes(10)) // to connect; for a whole exchange
                .withCompression(false)
                .withUserAgent("");
    }

    @Override
    public Response handle(Request request) throws Exception {
        ClientResponse response = send(request);
        // The connection is kept if the body was read to its end by then. Otherwise it is closed.
        request.scope().atEnd(response::close);
        if (response.status() > 599) {
            throw HttpException.of(502, "The upstream server responded with an invalid status");
        }
        Headers headers = endToEnd(response.headers(), REPLACED_IN_RESPONSES).and("Via", VIA);
        return Response.of(
                response.status(),
                headers,
                new Response.Content.Stream(length(response), out -> copy(response.body(), out)));
    }

    /** Sends the request on, and waits for the head of the response. */
    private ClientResponse send(Request request) throws IOException {
        ClientRequest onward = onward(request);
        try {
            return client.send(onward);
        } catch (IOException e) {
            if (request.body().isAborted()) {
                throw e; // It was our client that failed, in the midst of its body: there is nobody to respond to.
            }
            // The details are for the operator. The client gets none: they would tell it about our network.
            LOG.log(Level.WARNING, "no response of the upstream server to " + request.method() + ": " + e);
            throw e instanceof DeadlineException
                    ? HttpException.of(504, "The upstream server did not respond in time")
                    : HttpException.of(502, "The upstream server did not respond properly");
        }
    }

    private ClientRequest onward(Request request) {
        Headers headers = endToEnd(request.headers(), REPLACED_IN_REQUESTS)
                .and("Forwarded", forwarded(request))
                .and("Via", (request.isHttp11() ? VIA : VIA.replace("1.1", "1.0")));
        ClientRequest onward = ClientRequest.of(request.method(), uri(request)).and(headers);
        Body body = request.body();
        if (body.isDone()) {
            return onward; // there is none
        }
        return body.declaredLength().isPresent()
                ? onward.withBody(body, body.declaredLength().getAsLong())
                : onward.withBody(body);
    }

    private URI uri(Request request) {
        String path = request.path().equals("*") ? "" : request.path();
        try {
            return URI.create(
                    upstream + path + request.query().map(q -> "?" + q).orElse(""));
        } catch (IllegalArgumentException e) {
            throw HttpException.of(400, "Expected a target whose special characters are percent-encoded");
        }
    }

    /**
     * Replaces what the client has sent, because anybody could write anything into it. A proxy that has other proxies
     * in front of it would append to theirs.
     */
    private static String forwarded(Request request) {
        String address = request.peer().getAddress().getHostAddress();
        String node = address.contains(":") ? "\"[" + address.replaceFirst("%.*", "") + "]\"" : address;
        return "for=" + node + ";host=\"" + request.authority() + "\";proto=http";
    }

    /** The fields that are passed on. */
    private static Headers endToEnd(Headers headers, Set<String> replaced) {
        Set<String> dropped = new HashSet<>(HOP_BY_HOP);
        dropped.addAll(replaced);
        headers.elements("Connection").forEach(name -> dropped.add(name.toLowerCase(Locale.ROOT)));
        Headers.Builder kept = Headers.builder();
        for (Headers.Field field : headers) {
            if (!dropped.contains(field.name().toLowerCase(Locale.ROOT))) {
                kept.add(field.name(), field.value());
            }
        }
        return kept.build();
    }

    /** The length that the upstream server has declared, which HEAD asks for. */
    private static long length(ClientResponse response) {
        return response.header("Content-Length")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .orElse(BodySource.UNKNOWN);
    }

    /** Sends each part as it arrives: the upstream server may pause for long, or wait for its client's reaction. */
    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] part = new byte[16 * 1024];
        for (int count = from.read(part); count >= 0; count = from.read(part)) {
            to.write(part, 0, count);
            to.flush();
        }
    }
}
