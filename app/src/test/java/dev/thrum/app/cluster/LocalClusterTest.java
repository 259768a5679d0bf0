package dev.thrum.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.cluster.LocalCluster.ServerAddresses;
import dev.thrum.app.cluster.MemberProcess.Ended;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The processes of {@code thrum lab cluster}; started once, because that takes about 15 s. */
@Timeout(180)
class LocalClusterTest {
    private static final BlockingQueue<Ended> ENDED = new LinkedBlockingQueue<>();

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.start(folder, ENDED::add);
    }

    @AfterAll
    static void end() {
        List<MemberProcess> members = cluster.members();
        cluster.close();
        assertThat(members)
                .allSatisfy(member -> assertThat(ProcessHandle.of(member.pid())).isEmpty());
    }

    @Test
    void servers_shareTheirData() throws Exception {
        ServerAddresses one = cluster.servers().getFirst();
        ServerAddresses other = cluster.servers().getLast();
        assertThat(one.web()).isNotEqualTo(other.web());

        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest added = HttpRequest.newBuilder(URI.create("http://" + one.web() + "/accounts"))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "k1")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"owner\":\"Ann\"}", UTF_8))
                    .build();
            assertThat(client.send(added, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
            HttpRequest read = HttpRequest.newBuilder(URI.create("http://" + other.web() + "/accounts/1"))
                    .build();
            assertThat(client.send(read, BodyHandlers.ofString()).body()).contains("\"owner\":\"Ann\"");
        }
    }

    @Test
    void processes_printIntoTheFolder() throws IOException {
        assertThat(cluster.members()).extracting(MemberProcess::name).startsWith("services", "server-1", "server-2");
        assertThat(Files.readAllLines(folder.resolve("server-1.out")))
                .anySatisfy(line -> assertThat(line).contains("serves on engine"));
    }

    @Test
    void site_hasItsPages() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String seed : cluster.site().seeds()) {
                assertThat(client.send(HttpRequest.newBuilder(URI.create(seed)).build(), BodyHandlers.ofString())
                                .body())
                        .contains("<title>Page 0 of 127.0.0.");
                assertThat(client.send(
                                        HttpRequest.newBuilder(URI.create(seed + "60"))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(cluster.site().pages())
                    .isEqualTo(60 * cluster.site().seeds().size());
        }
    }
}
