package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.LeakCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client with the JDK's server. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JdkServerTest {
    private final Engine engine = Engine.virtual();
    private final HttpClient client = HttpClient.over(engine, HttpClientConfig.defaults());
    private final Set<InetSocketAddress> peers = ConcurrentHashMap.newKeySet();
    private HttpServer server;
    private URI uri;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/echo", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            answer(exchange, "application/octet-stream", 200, body);
        });
        server.createContext("/chunks", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(("line " + i + "\n").getBytes(UTF_8));
                exchange.getResponseBody().flush();
            }
            exchange.close();
        });
        server.createContext("/nothing", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext(
                "/latin",
                exchange -> answer(
                        exchange,
                        "text/plain; x=1; Charset=\"ISO-8859-1\"",
                        200,
                        "gr\u00fc\u00df dich".getBytes(ISO_8859_1)));
        server.createContext("/odd", exchange -> answer(exchange, "text/plain; charset=klingon", 404, new byte[1]));
        server.createContext("/gzip", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            answer(exchange, "text/plain", 200, Gzipped.gzip("compressed \u20ac".getBytes(UTF_8)));
        });
        server.createContext("/compress", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "compress");
            answer(exchange, "text/plain", 200, new byte[] {1, 2, 3});
        });
        server.start();
        uri = URI.create("http://localhost:" + server.getAddress().getPort());
    }

    @AfterEach
    void end() {
        client.close();
        engine.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange, String type, int status, byte[] body) throws IOException {
        peers.add(exchange.getRemoteAddress());
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String get(String path) throws IOException {
        return Echo.text(client, ClientRequest.get(uri.resolve(path)));
    }

    @Test
    void bodies_areEchoed_whateverTheirFraming() throws Exception {
        byte[] large = new byte[300_000];
        for (int i = 0; i < 5; i++) {
            assertThat(Echo.text(client, Echo.post(uri.resolve("/echo"), "body " + i)))
                    .isEqualTo("body " + i);
        }
        assertThat(peers).hasSize(1);
        for (ClientRequest request : List.of(
                ClientRequest.of("POST", uri.resolve("/echo")).withBody(large),
                ClientRequest.of("PUT", uri.resolve("/echo")).withBody(new ByteArrayInputStream(large)))) {
            try (ClientResponse response = client.send(request)) {
                assertThat(response.bytes()).isEqualTo(large);
            }
        }
        assertThat(get("/chunks")).startsWith("line 0\n").endsWith("line 99\n");
    }

    @Test
    void responsesWithoutABody_keepTheConnection() throws Exception {
        assertThat(get("/nothing")).isEmpty();
        assertThat(Echo.text(client, ClientRequest.head(uri.resolve("/latin")))).isEmpty();
        assertThat(get("/nothing")).isEmpty();
        assertThat(client.idleConnections()).isOne();
    }

    @Test
    void text_isDecoded_withTheCharsetOfItsType() throws Exception {
        assertThat(get("/latin")).isEqualTo("gr\u00fc\u00df dich");
        assertThat(get("/gzip")).isEqualTo("compressed \u20ac");
        try (ClientResponse response = client.send(ClientRequest.get(uri.resolve("/odd")))) {
            assertThat(response.status()).isEqualTo(404);
            assertThatThrownBy(response::text)
                    .isInstanceOf(UnsupportedEncodingException.class)
                    .hasMessageContaining("klingon");
            assertThat(response.bytes()).hasSize(1);
        }
    }

    @Test
    void unknownCoding_isReported_andNotDecoded() throws Exception {
        try (ClientResponse response = client.send(ClientRequest.get(uri.resolve("/compress")))) {
            assertThat(response.encoding()).hasValue("compress");
            assertThat(response.bytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void stoppedServer_isNoticed_byTheNextRequest() throws Exception {
        assertThat(get("/latin")).isNotEmpty();
        server.stop(0);
        assertThatThrownBy(() -> get("/latin")).isInstanceOf(ConnectException.class);
    }
}
