package dev.thrum.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.testkit.web.Asked;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebHosts;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripted web of module testkit in virtual time: its slow faults, and its log. */
final class SimulatedWebTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int PORT = 80;

    /** What arrived up to the end of a connection, or until nothing had arrived for a long time. */
    private record Received(String bytes, boolean ended, Duration took) {}

    private interface Scene {
        void play(Simulation world, ScriptedWeb web, String corner) throws Exception;
    }

    private static void play(String fault, Scene scene) {
        WebFault found = Catalogue.named(fault);
        Trial.of(world -> {
                    WebPlan plan = WebPlan.of(1).with(found);
                    ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, PORT);
                    WebMap map = web.map();
                    scene.play(world, web, map.seeds().getLast());
                })
                .run(1);
    }

    private static Received get(Simulation world, String url) throws IOException {
        URI uri = URI.create(url);
        InetSocketAddress address =
                new InetSocketAddress(WebHosts.lookUp(uri.getHost()).getFirst(), PORT);
        long begun = world.clock().nanoTime();
        try (Connection connection = world.engine().connect(address, LONG)) {
            connection
                    .writer()
                    .write("GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n"
                            + "Connection: close\r\n\r\n");
            connection.writer().flush();
            StringBuilder all = new StringBuilder();
            Arrival arrival = connection.reader().await(LONG);
            while (arrival == Arrival.INPUT) {
                byte[] block = new byte[1_024];
                int count = connection.reader().readAvailable(block, 0, block.length);
                all.append(new String(block, 0, count, ISO_8859_1));
                arrival = connection.reader().await(LONG);
            }
            Duration took = Duration.ofNanos(world.clock().nanoTime() - begun);
            return new Received(all.toString(), arrival == Arrival.END, took);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "slow-first-byte, false, false",
        "slow-head, true, false",
        "slow-stall, true, true",
        "slow-stall-chunked, true, true",
    })
    void response_thatStalls_leavesTheConnectionOpen(String fault, boolean hasSome, boolean hasHead) {
        play(fault, (world, _, corner) -> {
            Received received = get(world, corner + "page");

            assertThat(received.ended()).isFalse();
            assertThat(!received.bytes().isEmpty()).isEqualTo(hasSome);
            assertThat(received.bytes().contains("\r\n\r\n")).isEqualTo(hasHead);
            assertThat(received.bytes()).doesNotContain("</html>");
        });
    }

    @Test
    void response_thatDrips_takesASecondForEachByte() {
        play("slow-drip", (world, _, corner) -> {
            Received received = get(world, corner + "page");

            assertThat(received.ended()).isTrue();
            assertThat(received.took().toSeconds()).isEqualTo(received.bytes().length() - 1);
        });
    }

    @Test
    void response_inPiecesWithPauses_endsAfterTheLast_andTheLogSaysWhen() {
        play("slow-but-fine", (world, web, corner) -> {
            Received received = get(world, corner + "page");
            Asked asked = web.log().all().getFirst();

            assertThat(received.bytes()).endsWith("</html>\n");
            assertThat(received.took()).isBetween(Duration.ofMillis(150), Duration.ofMillis(200));
            assertThat(Duration.ofNanos(asked.ended() - asked.arrived())).isEqualTo(Duration.ofMillis(150));
        });
    }

    @Test
    void robots_whenSilent_leaveTheConnectionOpen() {
        play("robots-silent", (world, _, corner) -> {
            Received received = get(world, corner + "robots.txt");

            assertThat(received.bytes()).isEmpty();
            assertThat(received.ended()).isFalse();
        });
    }

    @Test
    void retryAfter_asADate_isThreeSecondsFromNow() {
        play("throttled-429-date", (world, _, corner) -> {
            Instant now = world.clock().instant();
            Optional<String> date = get(world, corner + "page")
                    .bytes()
                    .lines()
                    .filter(line -> line.startsWith("Retry-After: "))
                    .findFirst();

            Instant retry = ZonedDateTime.parse(
                            date.orElseThrow().substring("Retry-After: ".length()),
                            DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            assertThat(Duration.between(now, retry)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(3_500));
        });
    }

    /** So that a crawl in virtual time can go through the whole catalogue, and a failing seed can be repeated. */
    @Test
    void web_underTheSameSeed_sendsTheSameAtTheSameTimes() {
        List<Object> first = conversations();

        assertThat(first).hasSizeGreaterThan(3 * 100);
        assertThat(conversations()).isEqualTo(first);
    }

    /** The beginning of what a crawl receives, and the log of the web. */
    private static List<Object> conversations() {
        WebFault[] faults = Catalogue.all().toArray(WebFault[]::new);
        List<Object> all = new ArrayList<>();
        Trial.of(world -> {
                    WebPlan plan = WebPlan.of(1).withPages(2).with(faults);
                    ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, PORT);
                    for (String seed : web.map().seeds()) {
                        all.add(getOrFailure(world, seed));
                        all.add(getOrFailure(world, seed + "robots.txt"));
                    }
                    all.addAll(web.log().all());
                })
                .withFaults(Faults.harmless())
                .run(1);
        return all;
    }

    private static Object getOrFailure(Simulation world, String url) {
        try {
            return get(world, url);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
