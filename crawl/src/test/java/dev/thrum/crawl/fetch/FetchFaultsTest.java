package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.fetch.FetchResult.AlreadyThere;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.crawl.fetch.FetchResult.Saved;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.FileFault;
import dev.thrum.testkit.scripted.FileServer.Asked;
import dev.thrum.testkit.scripted.ServedFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of servers and networks: the file is right or it isn't there, and what is there already is not fetched again. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FetchFaultsTest {
    private static final String TEXT = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String OLD = "Mon, 30 Nov 2026 10:00:00 GMT";
    private static final ServedFile FILE = ServedFile.of(TEXT).withEtag("\"1\"");
    private static final ServedFile OTHER =
            ServedFile.of("A different version of the file, and longer").withEtag("\"2\"");

    @TempDir
    private Path temporary;

    private static String text(FetchScene scene, String name) throws Exception {
        return new String(scene.saved(name), ISO_8859_1);
    }

    private static List<String> ranges(FetchScene scene) {
        return scene.server().requests().stream()
                .map(asked -> asked.field("range"))
                .toList();
    }

    @Test
    void file_isSaved_andNotFetchedAgain() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE);
            assertThat(scene.fetch("/a.txt")).isEqualTo(new Saved(scene.url("/a.txt"), "a.txt", 36, 36, false));
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
            scene.openAgain();
            assertThat(scene.fetch("/a.txt")).isEqualTo(new AlreadyThere(scene.url("/a.txt"), "a.txt", 36));
            assertThat(scene.around().names()).containsExactly("a.txt");
            assertThat(scene.around().parts()).isEmpty();
            assertThat(scene.server().requests().getLast().field("if-none-match"))
                    .isEqualTo("\"1\"");
        }
    }

    @Test
    void emptyFile_isSaved() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server()
                    .put("/a.txt", ServedFile.of(""))
                    .put("/b.txt", ServedFile.of("").inChunks());
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            assertThat(scene.fetch("/b.txt")).isInstanceOf(Saved.class);
            assertThat(scene.saved("a.txt")).isEmpty();
            assertThat(scene.saved("b.txt")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fileThatIsCutAtAnyByte_isCompletedByTheNextAttempt(boolean chunked) throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            int message = 400;
            for (int cut = 0; cut < message; cut++) {
                String path = "/" + cut + ".txt";
                scene.server().put(path, chunked ? FILE.inChunks() : FILE).spoil(path, FileFault.cutAt(cut));
                List<FetchResult> results = scene.fetchWithRetries(path);
                assertThat(results.getLast()).as("cut at " + cut).isInstanceOf(Saved.class);
                assertThat(text(scene, cut + ".txt")).as("cut at " + cut).isEqualTo(TEXT);
                if (results.size() == 1) {
                    assertThat(cut).isGreaterThan(100);
                    break;
                }
            }
            assertThat(ranges(scene)).contains("bytes=1-", "bytes=35-");
            assertThat(scene.around().parts()).isEmpty();
        }
    }

    @Test
    void cutFile_isCompletedByTheNextRun_withWhatIsMissing() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.cutAfter(10));
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.mayRetry()).isTrue();
                assertThat(failed.status()).isZero();
            });
            assertThat(scene.around().names()).isEmpty();
            scene.openAgain();
            assertThat(scene.fetch("/a.txt")).isEqualTo(new Saved(scene.url("/a.txt"), "a.txt", 36, 26, true));
            Asked second = scene.server().requests().get(1);
            assertThat(second.field("range")).isEqualTo("bytes=10-");
            assertThat(second.field("if-range")).isEqualTo("\"1\"");
            assertThat(second.field("accept-encoding")).isEqualTo("identity");
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
        }
    }

    @Test
    void changedFile_isTakenWhole() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.resetAfter(10));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            scene.server().put("/a.txt", OTHER);
            assertThat(scene.fetch("/a.txt"))
                    .isInstanceOfSatisfying(
                            Saved.class, saved -> assertThat(saved.resumed()).isFalse());
            assertThat(scene.saved("a.txt")).isEqualTo(OTHER.bytes());
        }
    }

    @Test
    void changedFile_afterACompleteOne_isSavedNextToIt() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            scene.server().put("/a.txt", OTHER);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
            assertThat(scene.saved("a-2.txt")).isEqualTo(OTHER.bytes());
        }
    }

    static Stream<FileFault> rangesThatMustNotBeUsed() {
        return Stream.of(
                FileFault.ignoredRange(),
                FileFault.shiftedRange(5),
                FileFault.shiftedRange(-4),
                FileFault.mislabelled("bytes 11-36/37"),
                FileFault.mislabelled("bytes 10-35/99"),
                FileFault.mislabelled("bytes 0-25/36"),
                FileFault.mislabelled("nonsense"),
                FileFault.mislabelled("bytes */36"),
                FileFault.unlabelled(),
                FileFault.multipart(),
                FileFault.rangeWithout(3),
                FileFault.rangeWith(3),
                FileFault.without("ETag"),
                FileFault.with("ETag: \"2\""),
                FileFault.with("ETag: W/\"1\""),
                FileFault.status(416, "Content-Range: bytes */7"),
                FileFault.status(416));
    }

    @ParameterizedTest
    @MethodSource("rangesThatMustNotBeUsed")
    void rangeThatMayNotFit_isNotUsed(FileFault fault) throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.cutAfter(10), fault);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            // What is taken is right either way here; that nothing of the part is in it shows that none would be mixed.
            assertThat(scene.fetch("/a.txt"))
                    .isInstanceOfSatisfying(
                            Saved.class, saved -> assertThat(saved.resumed()).isFalse());
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
            assertThat(ranges(scene)).startsWith("", "bytes=10-");
        }
    }

    @Test
    void rangeThatNeverFits_isAFailure() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server()
                    .put("/a.txt", FILE)
                    .spoil("/a.txt", FileFault.cutAfter(10), FileFault.unlabelled(), FileFault.status(206));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            assertThat(scene.around().names()).isEmpty();
        }
    }

    @Test
    void shortRanges_areFollowedByOthers() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server()
                    .put("/a.txt", FILE)
                    .spoil("/a.txt", FileFault.cutAfter(10), FileFault.shortRange(5), FileFault.shortRange(7));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
            assertThat(ranges(scene)).containsExactly("", "bytes=10-", "bytes=15-", "bytes=22-");
        }
    }

    @Test
    void unsatisfiedRange_ofAFileWithoutLength_meansThatItIsComplete() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE.inChunks()).spoil("/a.txt", FileFault.noLastChunk());
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            assertThat(scene.around().names()).isEmpty();
            assertThat(scene.fetch("/a.txt")).isEqualTo(new Saved(scene.url("/a.txt"), "a.txt", 36, 0, true));
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
            assertThat(ranges(scene)).containsExactly("", "bytes=36-");
        }
    }

    @Test
    void partWithoutStrongValidator_isNotResumed() throws Exception {
        ServedFile plain = ServedFile.of(TEXT);
        for (ServedFile file : List.of(
                plain,
                plain.withEtag("W/\"1\""),
                plain.withEtag("W/\"1\"").withLastModified(OLD),
                plain.withLastModified("Mon, 30 Nov 2026 11:59:59 GMT"))) {
            try (FetchScene scene = new FetchScene(temporary.resolve("" + file.hashCode()))) {
                scene.server().put("/a.txt", file).spoil("/a.txt", FileFault.cutAfter(10));
                assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
                assertThat(scene.around().parts()).isEmpty();
                assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
                assertThat(ranges(scene)).containsExactly("", "");
                assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
            }
        }
    }

    @Test
    void partWithASettledDate_isResumed() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server()
                    .put("/a.txt", ServedFile.of(TEXT).withLastModified(OLD))
                    .spoil("/a.txt", FileFault.cutAfter(10));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            assertThat(scene.fetch("/a.txt"))
                    .isInstanceOfSatisfying(
                            Saved.class, saved -> assertThat(saved.resumed()).isTrue());
            assertThat(scene.server().requests().getLast().field("if-range")).isEqualTo(OLD);
            assertThat(text(scene, "a.txt")).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void declaredLengthThatIsTooLarge_isAFailure(int by) throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", ServedFile.of(TEXT)).spoil("/a.txt", FileFault.wrongLength(by));
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Failed.class);
            assertThat(scene.around().names()).isEmpty();
            assertThat(scene.around().parts()).isEmpty();
        }
    }

    @Test
    void silenceAndDrips_areFailures_afterTheTimeout() throws Exception {
        FetchLimits limits = FetchLimits.defaults().withTimeout(Duration.ofMillis(300));
        try (FetchScene scene = new FetchScene(temporary, limits)) {
            for (FileFault fault :
                    List.of(FileFault.silent(), FileFault.silentAfter(10), FileFault.drip(1, Duration.ofMillis(20)))) {
                scene.server().put("/a.txt", FILE).spoil("/a.txt", fault);
                assertThat(scene.fetch("/a.txt")).as(fault.toString()).isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.mayRetry()).isTrue();
                    assertThat(failed.reason()).contains("300 ms");
                });
                assertThat(scene.around().names()).isEmpty();
            }
        }
    }

    @Test
    void maximumTime_endsAnAttempt() throws Exception {
        FetchLimits limits = FetchLimits.defaults().withMaxTime(Duration.ofMillis(300));
        try (FetchScene scene = new FetchScene(temporary, limits)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.silentAfter(10));
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.mayRetry()).isFalse();
                assertThat(failed.reason()).contains("maximum time");
            });
        }
    }

    @Test
    void maximumSize_isAFailure_withOrWithoutLength() throws Exception {
        FetchLimits limits = FetchLimits.defaults().withMaxSize(20);
        try (FetchScene scene = new FetchScene(temporary, limits)) {
            scene.server().put("/a.txt", FILE).put("/b.txt", FILE.inChunks());
            for (String path : List.of("/a.txt", "/b.txt")) {
                assertThat(scene.fetch(path)).isInstanceOfSatisfying(Failed.class, failed -> {
                    assertThat(failed.mayRetry()).isFalse();
                    assertThat(failed.reason()).contains("at most 20 bytes");
                });
            }
            assertThat(scene.around().names()).isEmpty();
        }
    }

    @Test
    void endlessHead_isAFailure() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.endlessHead());
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.mayRetry()).isFalse();
                assertThat(failed.reason()).contains("Header fields too large");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,false",
        "401,false",
        "403,false",
        "404,false",
        "408,true",
        "410,false",
        "416,false",
        "425,true",
        "429,true",
        "500,true",
        "501,false",
        "502,true",
        "503,true",
        "504,true",
        "206,false",
        "204,false",
        "304,false",
        "300,false"
    })
    void statuses_areRetried_ifTheyMayPass(int status, boolean retried) throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", FILE).spoil("/a.txt", FileFault.status(status));
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.status()).isEqualTo(status);
                assertThat(failed.mayRetry()).isEqualTo(retried);
                assertThat(failed.reason()).contains("" + status);
                assertThat(failed.retryAfter()).isNull();
                assertThat(failed.wholeHost()).isFalse();
            });
        }
    }

    @Test
    void retryAfter_isForTheWholeHost_upToTheLongestWait() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server()
                    .put("/a.txt", FILE)
                    .spoil(
                            "/a.txt",
                            FileFault.status(503, "Retry-After: 7"),
                            FileFault.status(429, "Retry-After: Mon, 30 Nov 2026 12:00:09 GMT"),
                            FileFault.status(503, "Retry-After: 3600"));
            assertThat(scene.fetch("/a.txt"))
                    .isEqualTo(
                            new Failed("expected the status 200 but was 503", true, Duration.ofSeconds(7), true, 503));
            assertThat(scene.fetch("/a.txt"))
                    .isEqualTo(
                            new Failed("expected the status 200 but was 429", true, Duration.ofSeconds(9), true, 429));
            assertThat(scene.fetch("/a.txt")).isInstanceOfSatisfying(Failed.class, failed -> {
                assertThat(failed.mayRetry()).isFalse();
                assertThat(failed.reason()).contains("3600 s");
            });
        }
    }

    @Test
    void unreachableServer_isRetried() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            FetchRequest request = FetchRequest.of(Url.parse("http://127.0.0.1:1/"));
            assertThat(scene.fetch(request))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.mayRetry()).isTrue());
        }
    }
}
