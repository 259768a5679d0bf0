package dev.thrum.bench.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoopbackHostsTest {
    @Test
    void hosts_haveTheirOwnPages_andNoRobots() throws IOException, InterruptedException {
        try (LoopbackHosts hosts =
                        LoopbackHosts.start(2, Duration.ZERO, number -> LoopbackHosts.link(10 * number + 1));
                HttpClient client = HttpClient.newHttpClient()) {
            URI first = URI.create(hosts.seeds().get(0));
            URI second = URI.create(hosts.seeds().get(1));

            assertThat(first.getHost()).isEqualTo("127.0.0.1");
            assertThat(second.getHost()).isEqualTo("127.0.0.2");
            assertThat(get(client, first).body())
                    .contains("<title>Page 0 of host 0</title>", "<a href=\"/page/1\">page 1</a>");
            assertThat(get(client, second.resolve("/page/3")).body())
                    .contains("<title>Page 3 of host 1</title>", "<a href=\"/page/31\">page 31</a>");
            assertThat(get(client, second.resolve("/robots.txt")).statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(HttpClient client, URI url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    }
}
