package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of an earlier crawl, read back. */
class PageLinesTest {
    private static final String WHOLE = """
            {"url":"http://a/","final":"http://a/b","status":200,"depth":0,"fetched":"2026-11-20T08:20:00.120Z"}
            """;

    @TempDir
    private Path folder;

    private List<PageLine> read(byte[] content) throws IOException {
        Files.write(folder.resolve("pages.jsonl"), content);
        List<PageLine> read = new ArrayList<>();
        try (PageLines lines = PageLines.open(folder)) {
            for (Optional<PageLine> next = lines.next(); next.isPresent(); next = lines.next()) {
                read.add(next.get());
            }
            assertThat(lines.next()).isEmpty();
        }
        return read;
    }

    private static PageLine expected(PageRecord page) {
        return new PageLine(page, null, null, null);
    }

    @Test
    void pages_areThoseThatWereWritten_withAnyText() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Path out = folder.resolve("out");
        List<PageLine> expected = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        try (CrawlOutputs outputs = CrawlOutputs.create(out, Samples.options(1), Samples.QUICK)) {
            for (int i = 0; i < 2_000; i++) {
                PageRecord page = Samples.nastyPage(random);
                expected.add(expected(page));
                offsets.add(outputs.page(page, List.of(), null));
                int known = random.nextInt(offsets.size());
                assertThat(outputs.pageAt(offsets.get(known))).isEqualTo(expected.get(known));
            }
            outputs.force();
        }
        assertThat(read(Files.readAllBytes(out.resolve("pages.jsonl")))).isEqualTo(expected);
    }

    @Test
    void lineWithoutItsEnd_doesNotCount() throws Exception {
        byte[] three = WHOLE.repeat(3).getBytes(UTF_8);
        for (int length = 0; length <= three.length; length++) {
            assertThat(read(Arrays.copyOf(three, length))).hasSize(length / WHOLE.length());
        }
    }

    @Test
    void longLine_isReadWhole() throws Exception {
        String url = "http://a/" + "x".repeat(300_000);
        String line = "{\"url\":\"" + url + "\",\"fetched\":\"2026-11-20T08:20:00Z\"}\n";
        assertThat(read((WHOLE + line + WHOLE + line).getBytes(UTF_8)))
                .extracting(PageLine::url)
                .containsExactly("http://a/", url, "http://a/", url);
    }

    @Test
    void membersOfLaterReleases_areIgnored_wherever() throws Exception {
        String line =
                "{\"x\":{\"url\":[1,{}]},\"url\":\"http://a/\",\"etag\":null,\"y\":[{\"fetched\":1}],\"status\":true,"
                        + "\"fetched\":\"2026-11-20T08:20:00.120Z\",\"z\":12345678901234567890}\n";
        assertThat(read(line.getBytes(UTF_8)))
                .containsExactly(expected(new PageRecord(
                        "http://a/",
                        null,
                        0,
                        Instant.parse("2026-11-20T08:20:00.120Z"),
                        null,
                        null,
                        null,
                        null,
                        null)));
    }

    @Test
    void malformedLine_isNamed() {
        for (String line : List.of(
                "",
                "{",
                "[]",
                "{}",
                "{\"url\":\"http://a/\"}",
                "{\"url\":\"http://a/\",\"fetched\":\"yesterday\"}",
                "{\"url\":\"http://a/\",\"status\":99999999999,\"fetched\":\"2026-11-20T08:20:00Z\"}",
                WHOLE.strip() + "x",
                WHOLE.strip() + WHOLE.strip(),
                "{\"url\":\"http://a/\",\"length\":12345678901234567890,\"fetched\":\"2026-11-20T08:20:00Z\"}",
                "{\"url\":\"http://a/\",\"change\":\"none\",\"fetched\":\"2026-11-20T08:20:00Z\"}",
                "{\"url\":\"http://a/\",\"truncated\":\"\",\"fetched\":\"2026-11-20T08:20:00Z\"}",
                "{\"url\":\"\u0001\"}",
                "\0")) {
            assertThatExceptionOfType(IOException.class)
                    .as(line)
                    .isThrownBy(() -> read((WHOLE + line + "\n").getBytes(UTF_8)))
                    .withMessageStartingWith("expected a page in line 2 of " + folder.resolve("pages.jsonl") + " but");
        }
    }

    @Test
    void folderWithoutPages_isAnError() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> PageLines.open(folder.resolve("none")));
    }
}
