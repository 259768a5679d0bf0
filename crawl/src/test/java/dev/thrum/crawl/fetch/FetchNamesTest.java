package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.PercentEncoding;
import dev.thrum.crawl.fetch.FetchResult.Failed;
import dev.thrum.crawl.fetch.FetchResult.Saved;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.ServedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and contents of files that a server proposes, in a folder surrounded by canaries. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FetchNamesTest {
    @TempDir
    private Path temporary;

    /** Each hostile name is proposed in all three places. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "../canary.txt|canary.txt",
                "../../canary|canary",
                "..%2f..%2fcanary|_.%2f..%2fcanary",
                "/etc/passwd|passwd",
                "..\\canary.txt|canary.txt",
                "C:\\canary.txt|canary.txt",
                ".profile|_profile",
                "-rf|_-rf",
                "CON|_CON",
                "nul.txt|_nul.txt",
                "a.txt. . .|a.txt",
                "a\u001b[2J\u0007.txt|a_[2J_.txt",
                "a\u009b31m.txt|a_31m.txt",
                "a\u202etxt.exe|a_txt.exe",
                ".thrum-fetch|_thrum-fetch",
                "done|done"
            })
    void hostileNames_areHarmless_whereverTheyAre(String proposed, String expected) throws Exception {
        String encoded = PercentEncoding.encode(proposed);
        String name = expected.equals("_-rf") ? "_rf" : expected;
        try (FetchScene scene = new FetchScene(temporary)) {
            String quoted = new String(proposed.replaceAll("[\\x00-\\x1f]", "_").getBytes(UTF_8), ISO_8859_1);
            scene.server()
                    .put("/1", ServedFile.of("1").with("Content-Disposition: attachment; filename=\"" + quoted + "\""))
                    .put("/2", ServedFile.of("2").with("Content-Disposition: attachment; filename*=UTF-8''" + encoded))
                    .put("/" + encoded, ServedFile.of("3"));
            assertThat(scene.fetch("/1")).isInstanceOf(Saved.class);
            scene.around().assertUnharmed();
            assertThat(scene.fetch("/2"))
                    .isInstanceOfSatisfying(
                            Saved.class, saved -> assertThat(saved.name()).doesNotContainPattern("\\p{Cntrl}"));
            assertThat(scene.fetch("/" + encoded)).isInstanceOf(Saved.class);
            assertThat(scene.around().names()).hasSize(3).contains(name);
        }
    }

    @Test
    void clashes_alsoByCase_getANumber() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            Files.writeString(scene.around().out().resolve("Report.PDF"), "mine");
            scene.around().remember();
            scene.openAgain();
            scene.server()
                    .put("/1/report.pdf", ServedFile.of("1"))
                    .put("/2/REPORT.pdf", ServedFile.of("2"))
                    .put("/3/report-2.pdf", ServedFile.of("3"));
            assertThat(scene.fetch("/1/report.pdf")).isInstanceOf(Saved.class);
            assertThat(scene.fetch("/2/REPORT.pdf")).isInstanceOf(Saved.class);
            assertThat(scene.fetch("/3/report-2.pdf")).isInstanceOf(Saved.class);
            assertThat(scene.around().names())
                    .containsExactly("REPORT-3.pdf", "Report.PDF", "report-2-2.pdf", "report-2.pdf");
            assertThat(scene.saved("report-2.pdf")).containsExactly('1');
        }
    }

    @Test
    void filesThatAppearMeanwhile_areNotOverwritten() throws Exception {
        try (FetchScene scene = new FetchScene(temporary)) {
            scene.server().put("/a.txt", ServedFile.of("new"));
            scene.server().onRequest(_ -> {
                try {
                    Files.writeString(scene.around().out().resolve("a.txt"), "foreign");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(scene.fetch("/a.txt"))
                    .isInstanceOfSatisfying(
                            Saved.class, saved -> assertThat(saved.name()).isEqualTo("a-2.txt"));
            assertThat(scene.saved("a.txt")).isEqualTo("foreign".getBytes(UTF_8));
        }
    }

    private static String gzip(String text) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toString(ISO_8859_1);
    }

    @Test
    void codingOfTheTransfer_isUndone_andTheFilesOwnIsKept() throws Exception {
        String coded = gzip("hello");
        try (FetchScene scene = new FetchScene(temporary)) {
            ServedFile file = ServedFile.of(coded).with("Content-Encoding: gzip");
            scene.server().put("/a.txt", file).put("/a.tar.gz", file);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            assertThat(scene.fetch("/a.tar.gz")).isInstanceOf(Saved.class);
            assertThat(scene.saved("a.txt")).isEqualTo("hello".getBytes(UTF_8));
            assertThat(scene.saved("a.tar.gz")).isEqualTo(coded.getBytes(ISO_8859_1));
        }
    }

    @Test
    void codingThatDoesNotEnd_isAFailure_andIsNotResumed() throws Exception {
        String coded = gzip("hello ".repeat(100));
        try (FetchScene scene = new FetchScene(temporary)) {
            ServedFile whole =
                    ServedFile.of(coded).with("Content-Encoding: gzip").withEtag("\"1\"");
            for (int cut : List.of(1, coded.length() / 2, coded.length() - 10)) {
                ServedFile part = ServedFile.of(coded.substring(0, cut))
                        .with("Content-Encoding: gzip")
                        .withEtag("\"1\"");
                scene.server().put("/a.txt", part);
                assertThat(scene.fetch("/a.txt")).as("cut at " + cut).isInstanceOf(Failed.class);
            }
            assertThat(scene.around().names()).isEmpty();
            assertThat(scene.around().parts()).isEmpty();
            scene.server().put("/a.txt", whole);
            assertThat(scene.fetch("/a.txt")).isInstanceOf(Saved.class);
            assertThat(scene.server().requests())
                    .allMatch(asked -> asked.field("range").isEmpty());
        }
    }
}
