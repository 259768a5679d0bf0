package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.scripted.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that nobody has thought of, in all the places where a server can put them. */
class SafeNameFuzzTest {
    private static final List<String> SEEDS = List.of(
            "../../.ssh/authorized_keys",
            "CON.txt",
            "attachment; filename=\"a\\\"b.txt\"; filename*=UTF-8''%e2%82%ac%2f..%5c.txt;",
            "inline; filename*=iso-8859-1'en'%a3%20rates",
            "\u00e2\u0080\u00ae\u00ef\u00bc\u008f.tar.gz",
            ".".repeat(300),
            "a".repeat(260) + ".gz",
            "\u001b[2J\u009b;\u007f");

    @TempDir
    private Path folder;

    @FuzzTest(maxDuration = "1m")
    void names(byte[] bytes) {
        requireHarmless(bytes);
    }

    @Test
    void names_areHarmless_whateverIsProposed() {
        Mutations.tryAll(SEEDS, Mutations.count(5_000, 500_000), SafeNameFuzzTest::requireHarmless);
    }

    @Test
    void names_areFilesOfTheFolder_onThisSystem() throws IOException {
        Surroundings around = Surroundings.in(folder);
        Mutations.tryAll(SEEDS, Mutations.count(200, 20_000), bytes -> {
            try {
                for (String proposed : List.of(new String(bytes, UTF_8), new String(bytes, ISO_8859_1))) {
                    Optional<String> name = SafeName.of(proposed);
                    if (name.isPresent()) {
                        Path file = around.out().resolve(name.get());
                        Files.writeString(file, "x");
                        assertThat(around.names()).hasSize(1);
                        Files.delete(file);
                    }
                }
            } catch (IOException e) {
                throw new AssertionError("expected a name that can be used", e);
            }
        });
        around.assertUnharmed();
    }

    private static void requireHarmless(byte[] bytes) {
        String latin = new String(bytes, ISO_8859_1);
        SafeName.of(latin).ifPresent(SafeNameFuzzTest::requireHarmless);
        SafeName.of(new String(bytes, UTF_8)).ifPresent(SafeNameFuzzTest::requireHarmless);
        String field = latin.replaceAll("[\\x00-\\x08\\x0a-\\x1f\\x7f]", "");
        Headers headers = Headers.of("Content-Disposition", field);
        // A parser of URLs drops tabs and line ends, so that slashes after them would begin a host.
        Url url = Url.parse("http://a/").resolve("/" + new String(bytes, UTF_8).replaceAll("^[/\\\\\t\n\r]+", ""));
        requireHarmless(ProposedName.of(headers, url));
        requireHarmless(ProposedName.of(Headers.none(), url));
    }

    private static void requireHarmless(String name) {
        assertThat(name).isNotEmpty().isNotEqualTo(".").isNotEqualTo("..");
        assertThat(name.getBytes(UTF_8).length).isLessThanOrEqualTo(SafeName.MOST_BYTES);
        assertThat(name).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}/\\\\:*?\"<>|]");
        assertThat(name)
                .doesNotStartWith(".")
                .doesNotStartWith("-")
                .doesNotStartWith("~")
                .doesNotStartWith(" ");
        assertThat(name).doesNotEndWith(".").doesNotEndWith(" ");
        assertThat(name).doesNotMatch("(?i)(con|prn|aux|nul|com\\d|lpt\\d) *(\\..*)?");
        assertThat(SafeName.of(name)).as("made safe again").contains(name);
        assertThat(SafeName.of(SafeName.numbered(name, 77))).as("with a number").contains(SafeName.numbered(name, 77));
    }
}
