package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.server.ExchangeObserver;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.TrustedProxies;
import dev.thrum.services.web.Web;
import dev.thrum.services.web.WebConfig;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Simulation.Task;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Clients of the web service, all at once, that send several requests on a connection, some of them pipelined, and check
 * each response.
 *
 * <p>If the network may lose connections, every complete response must still be right, or report that its request was
 * incomplete.
 */
class WebScenario implements Scenario {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int CLIENTS = 3;

    private final boolean lossy;

    WebScenario() {
        this(false);
    }

    private WebScenario(boolean lossy) {
        this.lossy = lossy;
    }

    /** The same on a network that resets and half-closes connections. */
    static final class Lossy implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            new WebScenario(true).run(world);
        }
    }

    /**
     * A request and the expected response.
     *
     * @param body the beginning of the expected body; empty for no body
     */
    private record Exchange(String request, int status, String body) {}

    private record Response(int status, String body) {}

    @Override
    public void run(Simulation world) throws Exception {
        WebConfig config = new WebConfig(
                List.of(),
                TrustedProxies.none(),
                WebConfig.pace(PATIENCE, PATIENCE, PATIENCE),
                Optional.empty(),
                Optional.empty());
        HttpServer web = HttpServer.over(
                new Web(world.clock(), ZoneOffset.UTC, List.of())
                        .handler(config.hostCheck(InetAddress.getLoopbackAddress())),
                config.http(ExchangeObserver.NOBODY, ""));
        Server server = world.engine().listen(ANY, web, Limits.defaults());
        List<Task<Boolean>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(world.fork("web-client", () -> tolerateLoss(() -> talk(world, server))));
        }
        for (Task<Boolean> client : clients) {
            client.join();
        }
        assertThat(world.engine().shutdown(Duration.ofMinutes(30)))
                .as("whether all conversations ended by themselves")
                .isTrue();
        assertThat(world.engine().connections()).isEmpty();
    }

    private interface Talk {
        void run() throws Exception;
    }

    /** Runs a client; on a lossy network, a lost connection is not a failure. */
    private boolean tolerateLoss(Talk talk) throws Exception {
        try {
            talk.run();
        } catch (IOException e) {
            if (!lossy) {
                throw e;
            }
        }
        return true;
    }

    private void talk(Simulation world, Server server) throws IOException {
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            for (int batch = world.random().nextInt(3); batch >= 0; batch--) {
                List<Exchange> exchanges = new ArrayList<>();
                StringBuilder all = new StringBuilder();
                for (int i = world.random().nextInt(4); i >= 0; i--) {
                    Exchange exchange = random(world.random());
                    exchanges.add(exchange);
                    all.append(exchange.request());
                }
                connection.writer().write(all.toString());
                connection.writer().flush();
                for (Exchange exchange : exchanges) {
                    expect(exchange, response(connection, exchange.request().startsWith("HEAD")));
                }
            }
            connection.shutdownOutput();
            assertThat(connection.reader().read()).as("the end of the stream").isEqualTo(-1);
        }
    }

    private void expect(Exchange exchange, Response response) throws IOException {
        boolean incomplete =
                response.body().contains("Incomplete") || exchange.request().startsWith("HEAD");
        if (lossy && response.status() == 400 && incomplete) {
            throw new EOFException("the stream to the server was cut within a request");
        }
        assertThat(response.status()).as(exchange.request()).isEqualTo(exchange.status());
        assertThat(response.body()).as(exchange.request()).startsWith(exchange.body());
        if (exchange.body().isEmpty()) {
            assertThat(response.body()).isEmpty();
        }
    }

    private static Exchange random(RandomGenerator random) {
        String text = random.ints(random.nextInt(12), 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        String json = "{\"message\":\"" + text + "\"}";
        String posted = "{\"echo\":\"" + text + "\",\"method\":\"POST\",\"timestamp\":";
        return switch (random.nextInt(7)) {
            case 0 -> new Exchange(head("GET", "/time", ""), 200, "{\"timestamp\":");
            case 1 ->
                new Exchange(
                        head("GET", "/echo?message=" + text, ""), 200, "{\"echo\":\"" + text + "\",\"timestamp\":");
            case 2 ->
                new Exchange(
                        head("POST", "/echo", "Content-Type: application/json\nContent-Length: " + json.length() + "\n")
                                + json,
                        200,
                        posted);
            case 3 ->
                new Exchange(
                        head("POST", "/echo", "Content-Type: application/json\nTransfer-Encoding: chunked\n")
                                + chunked(json, random),
                        200,
                        posted);
            case 4 -> new Exchange(head("HEAD", "/time", ""), 200, "");
            case 5 -> new Exchange(head("GET", "/nowhere", ""), 404, "{\"error\":\"Not found\"}");
            default ->
                new Exchange(head("POST", "/time", "Content-Length: 3\n") + "abc", 405, "{\"error\":\"Method not");
        };
    }

    private static String head(String method, String target, String fields) {
        return (method + " " + target + " HTTP/1.1\nHost: localhost\n" + fields + "\n").replace("\n", "\r\n");
    }

    private static String chunked(String body, RandomGenerator random) {
        StringBuilder chunks = new StringBuilder();
        for (int from = 0; from < body.length(); ) {
            int to = Math.min(body.length(), from + 1 + random.nextInt(body.length()));
            chunks.append(Integer.toHexString(to - from)).append("\r\n");
            chunks.append(body, from, to).append("\r\n");
            from = to;
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    private static Response response(Connection connection, boolean bodiless) throws IOException {
        String first = line(connection);
        int length = 0;
        for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length: ")) {
                length = Integer.parseInt(field.substring("content-length: ".length()));
            }
        }
        byte[] body = bodiless ? new byte[0] : connection.reader().readExactly(length);
        return new Response(Integer.parseInt(first.split(" ", -1)[1]), new String(body, StandardCharsets.UTF_8));
    }

    private static String line(Connection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = connection.reader().read();
                octet != '\n';
                octet = connection.reader().read()) {
            if (octet < 0) {
                throw new EOFException("the stream ended where a response was expected");
            }
            line.append((char) octet);
        }
        return line.toString().stripTrailing();
    }
}
