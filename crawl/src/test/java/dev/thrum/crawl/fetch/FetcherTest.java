package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Deadline;
import dev.thrum.crawl.fetch.FetchResult.AlreadyThere;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.crawl.fetch.FetchResult.Saved;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.FileFault;
import dev.thrum.testkit.scripted.FileServer;
import dev.thrum.testkit.scripted.ServedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fetcher does with digests, redirects, user information, watches and interrupts. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FetcherTest {
    private static final ServedFile FILE = ServedFile.of("0123456789").withEtag("\"1\"");

    @TempDir
    private Path temporary;

    private static Digest sha256(String text) throws Exception {
        byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        return Digest.parse("sha256:" + HexFormat.of().formatHex(bytes));
    }

    @Test
    void digest_isRequired_ofWholeAndOfResumedFiles() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.cutAfter(4));
            FetchRequest request = FetchRequest.of(scene.url("/a.txt")).with(sha256("0123456789"));
            assertThat(scene.fetch(request)).isInstanceOf(Failed.class);
            assertThat(scene.fetch(request)).isEqualTo(new Saved(scene.url("/a.txt"), "a.txt", 10, 6, true));
            assertThat(scene.fetch(request)).isInstanceOf(AlreadyThere.class);
            assertThat(scene.server().requests()).hasSize(2);
        }
    }

    @Test
    void wrongDigest_isAFailure_andTheFileIsKeptForTheRightOne() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE);
            FetchRequest request = FetchRequest.of(scene.url("/a.txt"));
            assertThat(scene.fetch(request.with(sha256("else")))).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.mayRetry()).isFalse();
                assertThat(failed.reason()).contains("digest");
            });
            assertThat(scene.around().names()).isEmpty();
            scene.openAgain();
            assertThat(scene.fetch(request.with(sha256("0123456789"))))
                    .isEqualTo(new Saved(scene.url("/a.txt"), "a.txt", 10, 0, true));
            assertThat(scene.server().requests()).hasSize(1);
        }
    }

    @Test
    void partWithWrongBytes_isFetchedAgain_ifTheDigestShowsIt() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server()
                    .put("/a.txt", ServedFile.of("01XX456789").withEtag("\"1\""))
                    .spoil("/a.txt", FileFault.cutAfter(4));
            FetchRequest request = FetchRequest.of(scene.url("/a.txt")).with(sha256("0123456789"));
            assertThat(scene.fetch(request)).isInstanceOf(Failed.class);
            scene.server().put("/a.txt", FILE);
            assertThat(scene.fetch(request))
                    .isInstanceOfSatisfying(
                            Saved.class, saved -> assertThat(saved.resumed()).isFalse());
            assertThat(scene.saved("a.txt")).isEqualTo("0123456789".getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256", "sha256:", "sha256:12", "md5:0123", "sha256:zz", "sha256 00"})
    void malformedDigests_areRefused_withTheForm(String text) {
        assertThatThrownBy(() -> Digest.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected ");
    }

    @Test
    void redirects_areFollowed_andTheFinalUrlNamesTheFile() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/b.txt", FILE).spoil("/a.txt", FileFault.status(302, "Location: /b.txt#x"));
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Saved.class, saved -> {
                assertThat(saved.finalUrl().path()).isEqualTo("/b.txt");
                assertThat(saved.name()).isEqualTo("b.txt");
            });
        }
    }

    @Test
    void redirectFromElsewhere_toAPrivateAddress_isRefused() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            FileServer other = new FileServer().put("/secret.txt", FILE);
            int port = scene.listen(other);
            for (String host : List.of("localhost", "[::ffff:127.0.0.1]", "0x7f.2", "10.0.0.1")) {
                scene.server()
                        .spoil(
                                "/a.txt",
                                FileFault.status(302, "Location: http://" + host + ":" + port + "/secret.txt"));
                assertThat(scene.fetch("/a.txt")).as(host).isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.mayRetry()).isFalse();
                    assertThat(failed.reason()).contains("expected an address that may be connected to");
                });
            }
            // The same host may be private, because it was typed.
            scene.server().spoil("/a.txt", FileFault.status(302, "Location: http://127.0.0.1:" + port + "/secret.txt"));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            // A connection to a private address that was typed is not used for a redirect from elsewhere.
            scene.server().spoil("/b.txt", FileFault.status(302, "Location: http://localhost:" + port + "/secret.txt"));
            Url typed = Url.parse("http://localhost:" + port + "/secret.txt");
            assertThat(scene.fetch(FetchRequest.of(typed))).isInstanceOf(Saved.class);
            assertThat(scene.fetch("/b.txt")).isInstanceOf(Failed.class);
            assertThat(other.requests()).hasSize(2);
        }
    }

    @Test
    void redirectsWithoutEnd_areAFailure() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().spoil("/a.txt", FileFault.status(302, "Location: /b.txt"), FileFault.none());
            scene.server().spoil("/b.txt", FileFault.status(302, "Location: /a.txt"));
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.mayRetry()).isFalse();
                assertThat(failed.reason()).contains("loop");
            });
        }
    }

    @Test
    void userInformation_isSent_butNotStoredOrShown() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.status(403), FileFault.cutAfter(3));
            FetchRequest request =
                    FetchRequest.of(Url.parse(scene.url("/a.txt").href().replace("//", "//me:s%C3%A4cret@")));
            assertThat(scene.fetch(request))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.reason()).doesNotContain("cret"));
            assertThat(scene.fetch(request)).isInstanceOf(Failed.class);
            assertThat(scene.server().requests().getFirst().field("authorization"))
                    .isEqualTo("Basic bWU6c8OkY3JldA==");
            try (var files = Files.walk(scene.around().out())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file)).doesNotContain("cret");
                }
            }
        }
    }

    @Test
    void watch_seesEverything() throws Exception {
        List<String> seen = new ArrayList<>();
        FetchWatch watch = new FetchWatch() {
            @Override
            public void started(String name, long total, long already) {
                seen.add(name + " " + total + " " + already);
            }

            @Override
            public void advanced(long bytes) {
                seen.add("+" + bytes);
            }
        };
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.cutAfter(4));
            for (int i = 0; i < 2; i++) {
                FetchResult _ = scene.fetcher().fetch(FetchRequest.of(scene.url("/a.txt")), watch);
            }
            assertThat(seen).containsExactly("a.txt 10 0", "+4", "a.txt 10 4", "+6");
        }
    }

    @Test
    void head_isTheBeginning_andNothingIsSaved() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE);
            FetchRequest request = FetchRequest.of(scene.url("/a.txt"));
            assertThat(scene.network().head(request, 4))
                    .isInstanceOfSatisfying(
                            Head.class, head -> assertThat(head.bytes()).isEqualTo("0123".getBytes(UTF_8)));
            assertThat(scene.network().head(request, 400))
                    .isInstanceOfSatisfying(
                            Head.class, head -> assertThat(head.bytes()).hasSize(10));
            assertThat(scene.network().head(FetchRequest.of(scene.url("/none")), 4))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.status()).isEqualTo(404));
            assertThat(scene.around().names()).isEmpty();
        }
    }

    @Test
    void deadlineOverAllAttempts_isKept() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.silentAfter(3));
            FetchRequest request = FetchRequest.of(scene.url("/a.txt")).with(Deadline.in(Duration.ofMillis(300)));
            for (int i = 0; i < 2; i++) {
                assertThat(scene.fetch(request)).isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.mayRetry()).isFalse();
                    assertThat(failed.reason()).contains("maximum time");
                });
            }
            assertThat(scene.server().requests()).hasSize(1);
        }
    }

    @Test
    void interrupt_endsTheAttempt_andThePartIsKept() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.silentAfter(4));
            CountDownLatch arrived = new CountDownLatch(1);
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            FetchWatch watch = new FetchWatch() {
                @Override
                public void started(String name, long total, long already) {
                    // Its bytes matter.
                }

                @Override
                public void advanced(long bytes) {
                    arrived.countDown();
                }
            };
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    FetchResult result = scene.fetcher().fetch(FetchRequest.of(scene.url("/a.txt")), watch);
                    thrown.complete(new AssertionError("expected no result but was " + result));
                } catch (InterruptedException e) {
                    thrown.complete(e);
                }
            });
            arrived.await();
            thread.interrupt();
            assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            scene.openAgain();
            assertThat(scene.fetch("/a.txt")).isEqualTo(new Saved(scene.url("/a.txt"), "a.txt", 10, 6, true));
        }
    }

    @Test
    void serverThatIsGone_doesNotMakeACompleteFileAFailure() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            scene.server().spoil("/a.txt", FileFault.resetAfter(0), FileFault.resetAfter(0), FileFault.status(500));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(AlreadyThere.class);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(AlreadyThere.class);
        }
    }

    @Test
    void portThatCantBeConnectedTo_isAFailure() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            assertThat(scene.fetch(FetchRequest.of(Url.parse("http://127.0.0.1:0/"))))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.mayRetry()).isFalse());
        }
    }
}
