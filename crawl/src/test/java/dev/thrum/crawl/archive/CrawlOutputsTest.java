package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.crawl.archive.OutputOptions.Warc;
import dev.thrum.crawl.archive.PageRecord.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of a crawl as its user reads them, and what becomes of them when something fails. */
class CrawlOutputsTest {
    private static final String URL = "http://a.example/b";

    @TempDir
    private Path temporary;

    private Path folder() {
        return temporary.resolve("out");
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder().resolve(name));
    }

    @Test
    void lines_haveTheMembersOfTheContract_inItsOrder() throws Exception {
        PageRecord found = Samples.page(URL);
        PageRecord failed = new PageRecord(
                URL, null, 0, Samples.TIME, null, Truncation.TIME, "http://a.example/", Change.GONE, "x");
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(Warc.OFF))) {
            assertThat(outputs.page(
                            found,
                            List.of(
                                    new LinkRecord("http://b/", "nofollow", "B", false),
                                    new LinkRecord("c", null, null, true)),
                            null))
                    .isZero();
            long second = outputs.page(failed, List.of(), null);
            outputs.skipped(new SkippedRecord("http://c/", URL, "scope", "another host"));
            outputs.skipped(new SkippedRecord("http://d/", null, "robots", null));
            outputs.force();
            assertThat(second).isEqualTo(lines("pages.jsonl").getFirst().length() + 1);
        }
        assertThat(lines("pages.jsonl"))
                .containsExactly(
                        "{\"url\":\"http://a.example/b\",\"final\":\"http://a.example/b\",\"status\":200,"
                                + "\"title\":\"A title\",\"type\":\"text/html\",\"charset\":\"UTF-8\",\"depth\":1,"
                                + "\"from\":\"http://a.example/\",\"digest\":\"sha256:00ff\",\"length\":5,"
                                + "\"fetched\":\"2026-11-20T08:20:00.120Z\",\"etag\":\"\\\"e\\\"\","
                                + "\"lastModified\":\"Fri, 20 Nov 2026 08:00:00 GMT\"}",
                        "{\"url\":\"http://a.example/b\",\"depth\":0,\"fetched\":\"2026-11-20T08:20:00.120Z\","
                                + "\"truncated\":\"time\",\"duplicateOf\":\"http://a.example/\",\"change\":\"gone\","
                                + "\"error\":\"x\"}");
        assertThat(lines("links.jsonl"))
                .containsExactly(
                        "{\"from\":\"http://a.example/b\",\"to\":\"http://b/\",\"rel\":\"nofollow\",\"text\":\"B\"}",
                        "{\"from\":\"http://a.example/b\",\"to\":\"c\",\"element\":\"link\"}");
        assertThat(lines("skipped.jsonl"))
                .containsExactly(
                        "{\"url\":\"http://c/\",\"from\":\"http://a.example/b\",\"reason\":\"scope\","
                                + "\"detail\":\"another host\"}",
                        "{\"url\":\"http://d/\",\"reason\":\"robots\"}");
    }

    private static void requireText(JsonNode line, String name, @Nullable String expected) {
        JsonNode value = line.get(name);
        assertThat(value == null ? null : value.asString()).as(name).isEqualTo(expected);
    }

    @Test
    void anyText_isReadBackByAnotherParser_fromEachFile() throws Exception {
        SplittableRandom random = new SplittableRandom(41);
        List<PageRecord> pages = new ArrayList<>();
        List<LinkRecord> links = new ArrayList<>();
        List<SkippedRecord> skipped = new ArrayList<>();
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(Warc.OFF), Samples.QUICK)) {
            for (int i = 0; i < 1_000; i++) {
                pages.add(Samples.nastyPage(random));
                List<LinkRecord> found = Samples.nastyLinks(random);
                links.addAll(found);
                outputs.page(pages.getLast(), found, null);
                skipped.add(new SkippedRecord(
                        Samples.nasty(random), Samples.nastyOrNull(random), "trap", Samples.nastyOrNull(random)));
                outputs.skipped(skipped.getLast());
            }
            outputs.force();
        }
        List<JsonNode> readPages = nodes("pages.jsonl");
        assertThat(readPages).hasSameSizeAs(pages);
        for (int i = 0; i < pages.size(); i++) {
            PageRecord page = pages.get(i);
            PageRecord.Answer answer = page.answer();
            requireText(readPages.get(i), "url", page.url());
            requireText(readPages.get(i), "title", answer == null ? null : answer.title());
            requireText(readPages.get(i), "type", answer == null ? null : answer.type());
            requireText(readPages.get(i), "charset", answer == null ? null : answer.charset());
            requireText(readPages.get(i), "error", page.error());
            requireText(readPages.get(i), "duplicateOf", page.duplicateOf());
            assertThat(readPages.get(i).get("depth").asInt()).isEqualTo(page.depth());
        }
        List<JsonNode> readLinks = nodes("links.jsonl");
        assertThat(readLinks).hasSameSizeAs(links);
        for (int i = 0; i < links.size(); i++) {
            requireText(readLinks.get(i), "to", links.get(i).to());
            requireText(readLinks.get(i), "rel", links.get(i).rel());
            requireText(readLinks.get(i), "text", links.get(i).text());
        }
        List<JsonNode> readSkipped = nodes("skipped.jsonl");
        assertThat(readSkipped).hasSameSizeAs(skipped);
        for (int i = 0; i < skipped.size(); i++) {
            requireText(readSkipped.get(i), "url", skipped.get(i).url());
            requireText(readSkipped.get(i), "from", skipped.get(i).from());
            requireText(readSkipped.get(i), "detail", skipped.get(i).detail());
        }
    }

    /** A line feed ends a line, and nothing else does. */
    private List<JsonNode> nodes(String name) throws IOException {
        String content = Files.readString(folder().resolve(name));
        assertThat(content).endsWith("\n");
        return Stream.of(content.substring(0, content.length() - 1).split("\n", -1))
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    @Test
    void payload_isNamedInThePage_andTheSamePayloadRefersToItsFirstRecord() throws Exception {
        Exchange first = Samples.exchange(URL, "same");
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(Warc.GZIP))) {
            long original = outputs.page(Samples.page(URL), List.of(), first);
            PageLine known = outputs.pageAt(original);
            assertThat(known.payload()).startsWith("sha1:").hasSize(37);
            assertThat(known.payloadUrl()).isNull();
            assertThat(known.payloadDate()).isNull();

            Exchange second = Samples.exchange("http://a.example/c", "same").confirming(known);
            PageLine copy = outputs.pageAt(outputs.page(Samples.page("http://a.example/c"), List.of(), second));
            assertThat(copy.payload()).isEqualTo(known.payload());
            assertThat(copy.payloadUrl()).isEqualTo(URL);

            // The record of the copy has no payload, so nothing may refer to it.
            Exchange third = Samples.exchange("http://a.example/d", "same").confirming(copy);
            PageLine last = outputs.pageAt(outputs.page(Samples.page("http://a.example/d"), List.of(), third));
            assertThat(last.payloadUrl()).isEqualTo(URL);

            Exchange unchanged = Samples.exchange("http://a.example/d", "HTTP/1.1 304 Not Modified\n", new byte[0])
                    .confirming(last);
            PageLine fresh = outputs.pageAt(outputs.page(Samples.page("http://a.example/d"), List.of(), unchanged));
            assertThat(fresh.payload()).isEqualTo(known.payload());
            assertThat(fresh.payloadUrl()).isEqualTo(URL);
            outputs.force();
        }
        assertThat(Warcs.readAll(folder()))
                .filteredOn(it -> it.type().equals("revisit"))
                .hasSize(3)
                .allMatch(it -> it.field("WARC-Refers-To-Target-URI").equals(URL));
    }

    @Test
    void folderWithACrawl_isRefused_andNotChanged() throws Exception {
        CrawlOutputs.create(folder(), Samples.options(1)).close();
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> CrawlOutputs.create(folder(), Samples.options(1)))
                .withMessageContaining("has pages.jsonl: resume that crawl, or choose another folder");
    }

    @Test
    void firstCheckpoint_opensWhatEverIsThere_asEmpty() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (CrawlOutputs outputs =
                    CrawlOutputs.open(folder(), Samples.options(1), CrawlOutputs.firstCheckpoint())) {
                assertThat(outputs.checkpoint()).isEqualTo(CrawlOutputs.firstCheckpoint());
                assertThat(Warcs.files(folder())).isEmpty();
                outputs.page(Samples.page(URL), List.of(), Samples.exchange(URL, "x"));
                outputs.force();
                assertThat(lines("pages.jsonl")).hasSize(1);
                assertThat(Warcs.files(folder())).hasSize(1);
            }
        }
    }

    private byte[] written(OutputOptions options) throws IOException {
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), options)) {
            for (int i = 0; i < 3; i++) {
                outputs.page(
                        Samples.page(URL), List.of(new LinkRecord(URL, null, null, false)), Samples.exchange(URL, "x"));
                outputs.skipped(new SkippedRecord(URL, null, "trap", null));
            }
            outputs.force();
            return outputs.checkpoint();
        }
    }

    @Test
    void fileThatIsMissingOrTooShort_isNamed_andNothingIsCut() throws Exception {
        byte[] checkpoint = written(Samples.options(Warc.GZIP).withWarcSize(1));
        for (String name : List.of("pages.jsonl", "links.jsonl", "skipped.jsonl", "warc/crawl-00003.warc.gz")) {
            Path file = folder().resolve(name);
            byte[] content = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(content, content.length - 1));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> CrawlOutputs.open(folder(), Samples.options(1), checkpoint))
                    .withMessage("expected a file " + file + " of at least " + content.length
                            + " bytes, which were durable, but it has " + (content.length - 1)
                            + ": bring it back, or begin a new crawl");
            Files.delete(file);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> CrawlOutputs.open(folder(), Samples.options(1), checkpoint))
                    .withMessage("expected a file " + file + " of at least " + content.length
                            + " bytes, which were durable, but there is none"
                            + ": bring it back, or begin a new crawl");
            Files.write(file, content);
        }
        Path earlier = folder().resolve("warc/crawl-00001.warc.gz");
        Files.write(earlier, new byte[3]);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> CrawlOutputs.open(folder(), Samples.options(1), checkpoint))
                .withMessageContaining(
                        "before " + folder().resolve("warc/crawl-00003.warc.gz") + " but there are 2 with");
        Files.delete(earlier);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> CrawlOutputs.open(folder(), Samples.options(1), checkpoint))
                .withMessageContaining("but there are 1 with");
    }

    @Test
    void formOfTheWarcFiles_mayChange_andNothingIsLost() throws Exception {
        byte[] checkpoint = written(Samples.options(Warc.GZIP));
        int number = 0;
        for (Warc form : List.of(Warc.OFF, Warc.PLAIN, Warc.OFF, Warc.PLAIN, Warc.GZIP, Warc.OFF, Warc.GZIP)) {
            number++;
            try (CrawlOutputs outputs =
                    CrawlOutputs.open(folder(), Samples.options(100 + number).withWarc(form), checkpoint)) {
                outputs.exchange(Samples.exchange(URL, "x"));
                outputs.force();
                checkpoint = outputs.checkpoint();
            }
        }
        assertThat(Warcs.files(folder()).stream().map(it -> String.valueOf(it.getFileName())))
                .containsExactly("crawl-00001.warc.gz", "crawl-00002.warc", "crawl-00003.warc.gz");
        assertThat(Warcs.files(folder())).allMatch(Warcs::isValid);
        assertThat(Warcs.readAll(folder()))
                .filteredOn(it -> it.type().equals("response"))
                .hasSize(3 + 4);
    }

    @Test
    void offsetWhereNoLineBegins_isRefused_andTheOutputsGoOn() throws Exception {
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(1))) {
            long offset = outputs.page(Samples.page(URL), List.of(), null);
            assertThatIllegalArgumentException().isThrownBy(() -> outputs.pageAt(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> outputs.pageAt(1_000_000));
            assertThat(outputs.pageAt(offset).url()).isEqualTo(URL);
        }
    }

    /** A disk with room for so many bytes. */
    private static final class SmallDisk implements FileCalls {
        private long room;
        private final boolean failsToForce;

        SmallDisk(long room, boolean failsToForce) {
            this.room = room;
            this.failsToForce = failsToForce;
        }

        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
            int all = bytes.limit();
            int fits = (int) Math.min(room, bytes.remaining());
            bytes.limit(bytes.position() + fits);
            room -= fits;
            FileCalls.super.write(file, bytes);
            bytes.limit(all);
            if (bytes.hasRemaining()) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void force(FileChannel file) throws IOException {
            if (failsToForce && room < 2_000) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        public void forceNames(Path folder) {
            // The names fit.
        }
    }

    @Test
    void fullDisk_endsTheCrawlResumably_whereverItIsFull() throws Exception {
        for (int room = 0; room < 12_000; room += 371) {
            requireResumable(new SmallDisk(room, false), "No space left on device");
            requireResumable(new SmallDisk(room, true), "");
        }
    }

    private void requireResumable(SmallDisk disk, String message) throws IOException {
        Path out = Files.createTempDirectory(temporary, "full").resolve("out");
        byte[] checkpoint = CrawlOutputs.firstCheckpoint();
        int committed = 0;
        OutputOptions options = Samples.options(Warc.PLAIN).withWarcSize(2_500);
        try (CrawlOutputs outputs = CrawlOutputs.create(out, options, disk)) {
            IOException failure = null;
            for (int i = 0; failure == null; i++) {
                try {
                    outputs.page(Samples.page(URL), List.of(), Samples.exchange(URL, "content"));
                    outputs.force();
                    checkpoint = outputs.checkpoint();
                    committed = i + 1;
                } catch (IOException e) {
                    failure = e;
                }
            }
            assertThat(failure)
                    .hasMessageContaining(message)
                    .hasMessageContaining(out.toString())
                    .hasMessageContaining("make room on the disk, then resume");
            assertThat(outputs.checkpoint()).isEqualTo(checkpoint);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(outputs::force)
                    .withMessageContaining("a write has failed");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> outputs.page(Samples.page(URL), List.of(), null))
                    .withMessageContaining("a write has failed");
        }
        try (CrawlOutputs outputs = CrawlOutputs.open(out, options, Samples.QUICK, Checkpoint.decode(checkpoint))) {
            outputs.page(Samples.page(URL), List.of(), Samples.exchange(URL, "content"));
            outputs.force();
        }
        assertThat(Files.readAllLines(out.resolve("pages.jsonl"))).hasSize(committed + 1);
        assertThat(Warcs.readAll(out))
                .filteredOn(it -> it.type().equals("response"))
                .hasSize(committed + 1);
    }

    @Test
    void closedOutputs_sayWhatToDo() throws Exception {
        CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(1));
        outputs.close();
        outputs.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(outputs::force)
                .withMessage("expected outputs that are open but they were closed: open " + folder()
                        + " again, at the last checkpoint");
    }

    @Test
    void optionsOutOfRange_areRefused() {
        OutputOptions options = Samples.options(1);
        assertThatIllegalArgumentException().isThrownBy(() -> options.withLevel(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withLevel(10));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withWarcSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withInfo(Map.of("a:", "b")));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withInfo(Map.of("a", "b\r\nc: d")));
    }

    @Test
    void unforcedPages_areNotInTheCheckpoint() throws Exception {
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(1))) {
            outputs.page(Samples.page(URL), List.of(), Samples.exchange(URL, "x".repeat(200_000)));
            assertThat(outputs.checkpoint()).isEqualTo(CrawlOutputs.firstCheckpoint());
            outputs.force();
            assertThat(Checkpoint.decode(outputs.checkpoint()).pages())
                    .isEqualTo(Files.readString(folder().resolve("pages.jsonl"), UTF_8)
                            .length());
        }
    }
}
