package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.engine.AddressRefusedException;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Headers;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.LeakCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Redirects: where they lead, what is sent there, and where they end. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RedirectsTest {
    private static final Redirects ANYWHERE = Redirects.within(_ -> true);

    /** A site of several names whose paths redirect as they say; it records what it is asked for. */
    private static final class Site {
        private final World world;
        private final int port;
        private final Map<String, Answer> answers = new HashMap<>();
        private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

        private record Answer(int status, String location) {}

        Site(World world) throws IOException {
            this.world = world;
            this.port = world.serve(HttpServer.over(this::respond, HttpConfig.defaults()))
                    .getPort();
        }

        private Response respond(Request request) throws IOException {
            String target =
                    request.path() + request.query().map(query -> "?" + query).orElse("");
            Headers headers = request.headers();
            StringBuilder line = new StringBuilder(request.method() + " " + target + " "
                    + new String(request.body().readAllBytes(), US_ASCII));
            for (String name : List.of("Authorization", "Proxy-Authorization", "Cookie", "Content-Type", "Accept")) {
                headers.first(name).ifPresent(value -> line.append(' ').append(name));
            }
            asked.add(headers.first("Host").orElseThrow().replace(":" + port, "") + " " + line);
            if (target.startsWith("/slow")) {
                try {
                    world.clock().sleep(Duration.ofSeconds(4));
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            Answer answer = answers.get(target);
            Response plain = Response.of(answer == null ? 200 : answer.status(), "text/plain", "at " + target);
            return answer == null ? plain : plain.with("Location", answer.location());
        }

        Site redirect(String target, int status, String location) {
            answers.put(target, new Answer(status, location.replace("PORT", Integer.toString(port))));
            return this;
        }

        Url url(String target) {
            return Url.parse("http://first.test:" + port + target);
        }
    }

    private interface Play {
        void act(Site site, HttpClient client) throws Exception;
    }

    private static void play(Play play) {
        World.simulate(Faults.none(), 1, (_, _) -> List.of(InetAddress.ofLiteral("127.0.0.1")), world -> {
            try (HttpClient client = world.client(HttpClientConfig.defaults())) {
                play.act(new Site(world), client);
            }
        });
    }

    private static String end(Redirects redirects, HttpClient client, ClientRequest request) throws IOException {
        Redirects.Outcome outcome = redirects.send(client, request);
        try (ClientResponse response = outcome.response()) {
            assertThat(response.text()).startsWith("at ");
            return outcome.url().href().replaceAll(":\\d+", "");
        }
    }

    private static String end(HttpClient client, Url url) throws IOException {
        return end(ANYWHERE, client, ClientRequest.get(url));
    }

    @Test
    void responseThatIsNoRedirect_isTheOutcome() {
        play((site, client) -> {
            site.redirect("/300", 300, "/x").redirect("/304", 305, "/x").redirect("/201", 201, "/x");
            for (String target : new String[] {"/", "/300", "/304", "/201"}) {
                assertThat(end(client, site.url(target))).isEqualTo("http://first.test" + target);
            }
            assertThat(site.asked).hasSize(4);
        });
    }

    @Test
    void locations_areResolvedAsBrowsersDo() {
        play((site, client) -> {
            String[][] locations = {
                {"/b", "http://first.test/b"},
                {"b?c", "http://first.test/dir/b?c"},
                {"../b", "http://first.test/b"},
                {"?q", "http://first.test/dir/a?q"},
                {"//second.test:PORT/b", "http://second.test/b"},
                {"HTTP:\\\\second.test:PORT\\b c|d", "http://second.test/b%20c|d"},
                {" /b ", "http://first.test/b"},
                {"/b?100%", "http://first.test/b?100%"},
                {"/\u00c3\u00bc?\u00c3\u00bc", "http://first.test/%C3%BC?%C3%BC"},
                {"/\u00fc", "http://first.test/%FC"},
                {"http://b\u00c3\u00bccher.test:PORT/", "http://xn--bcher-kva.test/"},
            };
            for (String[] location : locations) {
                site.redirect("/dir/a", 302, location[0]);
                assertThat(end(client, site.url("/dir/a"))).as(location[0]).isEqualTo(location[1]);
            }
        });
    }

    @Test
    void fragment_isInherited_unlessTheLocationHasOne() {
        play((site, client) -> {
            site.redirect("/a", 301, "/b").redirect("/b", 301, "/c");
            assertThat(end(client, site.url("/a#here"))).isEqualTo("http://first.test/c#here");
            site.redirect("/b", 301, "/c#there");
            assertThat(end(client, site.url("/a#here"))).isEqualTo("http://first.test/c#there");
        });
    }

    @Test
    void methods_changeAsInBrowsers() {
        play((site, client) -> {
            Map<Integer, List<String>> expected = Map.of(
                    301, List.of("GET", "HEAD", "GET", "PUT body Content-Type"),
                    302, List.of("GET", "HEAD", "GET", "PUT body Content-Type"),
                    303, List.of("GET", "HEAD", "GET", "GET"),
                    307, List.of("GET", "HEAD", "POST body Content-Type", "PUT body Content-Type"),
                    308, List.of("GET", "HEAD", "POST body Content-Type", "PUT body Content-Type"));
            for (Map.Entry<Integer, List<String>> entry : expected.entrySet()) {
                site.redirect("/a", entry.getKey(), "/b");
                List<String> sent = new ArrayList<>();
                for (String method : List.of("GET", "HEAD", "POST", "PUT")) {
                    ClientRequest request =
                            ClientRequest.of(method, site.url("/a")).with("Accept", "x");
                    boolean body = method.startsWith("P");
                    site.asked.clear();
                    ANYWHERE.send(
                                    client,
                                    body
                                            ? request.with("Content-Type", "x").withBody("body".getBytes(US_ASCII))
                                            : request)
                            .response()
                            .close();
                    sent.add(site.asked
                            .get(1)
                            .replace("first.test ", "")
                            .replace(" /b", "")
                            .replace(" Accept", "")
                            .replaceAll(" +", " ")
                            .strip());
                }
                assertThat(sent).as("status %d", entry.getKey()).isEqualTo(entry.getValue());
            }
        });
    }

    @Test
    void stream_isNotSentAgain() {
        play((site, client) -> {
            site.redirect("/a", 307, "/b").redirect("/c", 303, "/d");
            ClientRequest post = ClientRequest.of("POST", site.url("/a"))
                    .withBody(new ByteArrayInputStream("body".getBytes(US_ASCII)));
            assertThatThrownBy(() -> ANYWHERE.send(client, post))
                    .isInstanceOf(RedirectException.class)
                    .hasMessageContaining("stream");
            assertThat(site.asked).hasSize(1);
            ClientRequest other = ClientRequest.of("POST", site.url("/c"))
                    .withBody(new ByteArrayInputStream("body".getBytes(US_ASCII)));
            assertThat(end(ANYWHERE, client, other)).isEqualTo("http://first.test/d");
        });
    }

    @Test
    void secrets_stayAtTheirOrigin_alsoAfterTheWayBack() {
        play((site, client) -> {
            site.redirect("/a", 302, "/b")
                    .redirect("/b", 302, "http://second.test:PORT/c")
                    .redirect("/c", 302, "http://first.test:PORT/d");
            ClientRequest request = ClientRequest.get(site.url("/a"))
                    .with("Authorization", "Basic x")
                    .with("Proxy-Authorization", "Basic x")
                    .with("Cookie", "a=b")
                    .with("Accept", "x");
            assertThat(end(ANYWHERE, client, request)).isEqualTo("http://first.test/d");
            String secrets = " Authorization Proxy-Authorization Cookie Accept";
            assertThat(site.asked)
                    .containsExactly(
                            "first.test GET /a " + secrets,
                            "first.test GET /b " + secrets,
                            "second.test GET /c  Accept",
                            "first.test GET /d  Accept");
        });
    }

    @Test
    void anotherPort_isAnotherOrigin() {
        World.simulate(Faults.none(), 1, world -> {
            Site first = new Site(world);
            Site second = new Site(world);
            first.redirect("/a", 307, "http://127.0.0.1:" + second.port + "/b");
            try (HttpClient client = world.client(HttpClientConfig.defaults())) {
                Url url = Url.parse("http://127.0.0.1:" + first.port + "/a");
                end(
                        ANYWHERE,
                        client,
                        ClientRequest.get(url).with("Authorization", "x").with("Accept", "x"));
                assertThat(second.asked).containsExactly("127.0.0.1 GET /b  Accept");
            }
        });
    }

    @Test
    void userInformation_isNeverSentNorShown() {
        play((site, client) -> {
            site.redirect("/a", 302, "http://me:secret@first.test:PORT/b").redirect("/b", 302, "/b");
            RedirectException e = catchThrowableOfType(RedirectException.class, () -> end(client, site.url("/a")));
            assertThat(e).hasMessageContaining("/b").message().doesNotContain("secret");
            assertThat(site.asked).allMatch(line -> !line.contains("Authorization"));
        });
    }

    @Test
    void otherSchemes_areRefused() {
        play((site, client) -> {
            for (String location : List.of(
                    "ftp://first.test/",
                    "file:///etc/passwd",
                    "javascript:alert(1)",
                    "data:,x",
                    "http://",
                    "http://a b/",
                    "http://first.test:0/")) {
                site.redirect("/a", 302, location);
                site.asked.clear();
                RedirectException e = catchThrowableOfType(RedirectException.class, () -> end(client, site.url("/a")));
                assertThat(e).as(location).isNotNull().hasMessageContaining("/a (302)");
                assertThat(e.hops()).hasSize(1);
                assertThat(site.asked).hasSize(1);
            }
        });
    }

    @Test
    void scope_isAskedAboutEveryHop_beforeItsRequest() {
        play((site, client) -> {
            site.redirect("/a", 302, "/b").redirect("/b", 302, "http://second.test:PORT/c");
            Redirects here = Redirects.within(url -> url.host().equals("first.test"));
            assertThatThrownBy(() -> end(here, client, ClientRequest.get(site.url("/a"))))
                    .isInstanceOf(RedirectException.class)
                    .hasMessageContaining("scope")
                    .hasMessageContaining("second.test")
                    .hasMessageContaining("/b (302)");
            assertThat(site.asked).containsExactly("first.test GET /a ", "first.test GET /b ");
            assertThatThrownBy(() -> end(Redirects.within(_ -> false), client, ClientRequest.get(site.url("/a"))))
                    .isInstanceOf(RedirectException.class);
            assertThat(site.asked).hasSize(2);
        });
    }

    @Test
    void loop_endsWithTheListOfItsHops() {
        play((site, client) -> {
            site.redirect("/a", 301, "/b#x").redirect("/b", 302, "/c").redirect("/c", 307, "/b#y");
            RedirectException e = catchThrowableOfType(RedirectException.class, () -> end(client, site.url("/a")));
            assertThat(String.valueOf(e.getMessage()).replaceAll(":\\d+", ""))
                    .isEqualTo("expected an end of the redirects but they are a loop, back to http://first.test/b#y;"
                            + " the redirects: http://first.test/a (301), http://first.test/b#x (302),"
                            + " http://first.test/c#x (307)");
            assertThat(site.asked).hasSize(3);
            // A form that redirects to its own URL is none.
            site.redirect("/form", 303, "/form");
            site.answers.remove("/b");
            assertThat(end(client, site.url("/a"))).startsWith("http://first.test/b");
        });
    }

    @Test
    void redirects_areAtMost20() {
        play((site, client) -> {
            for (int i = 0; i < 21; i++) {
                site.redirect("/" + i, 302, "/" + (i + 1));
            }
            assertThat(end(client, site.url("/1"))).isEqualTo("http://first.test/21");
            site.asked.clear();
            RedirectException e = catchThrowableOfType(RedirectException.class, () -> end(client, site.url("/0")));
            assertThat(e).hasMessageContaining("at most 20");
            assertThat(e.hops()).hasSize(21);
            assertThat(site.asked).hasSize(21);
            assertThat(catchThrowable(() -> end(ANYWHERE.upTo(0), client, ClientRequest.get(site.url("/20")))))
                    .isInstanceOf(RedirectException.class);
            assertThat(end(ANYWHERE.upTo(0), client, ClientRequest.get(site.url("/21"))))
                    .isEqualTo("http://first.test/21");
        });
        for (int wrong : new int[] {-1, 21}) {
            assertThatThrownBy(() -> ANYWHERE.upTo(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from 0 to 20");
        }
    }

    @Test
    void deadline_holdsForAllHopsTogether() {
        play((site, client) -> {
            site.redirect("/slow1", 302, "/slow2").redirect("/slow2", 302, "/slow3");
            ClientRequest request = ClientRequest.get(site.url("/slow1"));
            assertThat(end(ANYWHERE, client, request.withDeadline(Duration.ofSeconds(13))))
                    .endsWith("/slow3");
            long begun = client.clock().nanoTime();
            assertThat(catchThrowable(() -> end(ANYWHERE, client, request.withDeadline(Duration.ofSeconds(10)))))
                    .isInstanceOf(DeadlineException.class);
            assertThat((client.clock().nanoTime() - begun) / 1e9).isBetween(9.9, 10.1);
        });
    }

    @Test
    void requestsOfUris_areFollowedToo() {
        play((site, client) -> {
            site.redirect("/a", 302, "b");
            ClientRequest request = ClientRequest.get(URI.create("http://first.test:" + site.port + "/a"));
            assertThat(end(ANYWHERE, client, request)).isEqualTo("http://first.test/b");
        });
    }

    @Test
    void eachUrl_mayHaveItsOwnClient() {
        World.simulate(Faults.none(), 1, (_, _) -> List.of(InetAddress.ofLiteral("127.0.0.1")), world -> {
            HttpClientConfig refusing = HttpClientConfig.defaults().withAddresses(_ -> Optional.of("not from here"));
            try (HttpClient first = world.client(HttpClientConfig.defaults());
                    HttpClient second = world.client(refusing)) {
                Site site = new Site(world).redirect("/a", 302, "/b").redirect("/c", 302, "http://second.test:PORT/d");
                Function<Url, HttpClient> clients = url -> url.host().equals("first.test") ? first : second;
                try (ClientResponse response = ANYWHERE.send(clients, ClientRequest.get(site.url("/a")))
                        .response()) {
                    assertThat(response.text()).isEqualTo("at /b");
                }
                assertThatThrownBy(() -> ANYWHERE.send(clients, ClientRequest.get(site.url("/c"))))
                        .isInstanceOf(AddressRefusedException.class)
                        .hasMessageContaining("not from here");
            }
        });
    }
}
