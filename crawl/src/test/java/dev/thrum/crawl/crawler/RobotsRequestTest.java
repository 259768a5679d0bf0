package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.shared.RequestPermits;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.url.Url;
import dev.thrum.tls.TlsClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RobotsRequestTest {
    /** Redirects the first request to another path. */
    private static void redirect(ServerSocket server) {
        try (Socket client = server.accept();
                BufferedReader head = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
            String line = head.readLine();
            while (line != null && !line.isEmpty()) {
                line = head.readLine();
            }
            client.getOutputStream()
                    .write("HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
            int _ = head.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process may own the host by then. */
    @Test
    void redirect_isNotFollowed_withoutAPermitOfItsOwn() throws Exception {
        try (Engine engine = Engine.virtual();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.startVirtualThread(() -> redirect(server));
            Url url = Url.parse("http://127.0.0.1:" + server.getLocalPort() + "/");
            AtomicInteger permits = new AtomicInteger(1);
            RequestPermits once = new RequestPermits() {
                @Override
                public <T> Optional<T> request(String authority, Request<T> request) throws InterruptedException {
                    return permits.getAndDecrement() > 0 ? Optional.of(request.run()) : Optional.empty();
                }
            };
            List<Exchange> exchanges = new ArrayList<>();
            try (CrawlNetwork network = new CrawlNetwork(
                    engine,
                    CrawlScene.options(engine, List.of(url.toString())),
                    CrawlScene.LOOPBACK,
                    TlsClient.ofSystem())) {
                RobotsRequest robots = new RobotsRequest(network, once, engine.clock(), "test");

                assertThat(robots.of(url.hostAndPort(), url, exchanges::add)).isEmpty();
            }
            assertThat(exchanges).hasSize(1);
            assertThat(permits).hasValue(-1);
            answering.join();
        }
    }
}
