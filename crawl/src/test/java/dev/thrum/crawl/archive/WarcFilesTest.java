package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.crawl.archive.OutputOptions.Warc;
import dev.thrum.crawl.archive.Warcs.Read;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netpreserve.jwarc.WarcDigest;

/** WARC files, read back. */
class WarcFilesTest {
    private static final String URL = "http://a.example/b?c=%20";

    @TempDir
    private Path temporary;

    private Path write(OutputOptions options, List<Exchange> exchanges) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "out");
        try (CrawlOutputs outputs = CrawlOutputs.create(folder.resolve("crawl"), options, Samples.QUICK)) {
            for (Exchange exchange : exchanges) {
                outputs.exchange(exchange);
            }
            outputs.force();
        }
        return folder.resolve("crawl");
    }

    private static String sha1(byte[] bytes) throws Exception {
        var digest = WarcDigest.getDigester("sha1");
        digest.update(bytes);
        return new WarcDigest(digest).prefixedBase32();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first);
        bytes.writeBytes(second);
        return bytes.toByteArray();
    }

    /** An exchange, and its payload as the test knows it. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Case(Exchange exchange, byte[] payload) {}

    private static Case generated(SplittableRandom random, int number) throws IOException {
        byte[] content = Samples.bytes(random, 1 << random.nextInt(16));
        boolean gzip = random.nextBoolean();
        byte[] payload = gzip ? Samples.gzip(content) : content;
        String head = "HTTP/1.1 200 OK\nServer: x\n" + (gzip ? "Content-Encoding: gzip\n" : "");
        boolean chunked = random.nextBoolean();
        byte[] body = chunked ? Samples.chunked(payload, random) : payload;
        String framing = chunked
                ? (random.nextBoolean() ? "Transfer-Encoding: chunked\n" : "transfer-encoding:Chunked\n")
                : random.nextBoolean() ? "Content-Length: " + body.length + "\n" : "";
        return new Case(Samples.exchange("http://a.example/" + number, head + framing, body), payload);
    }

    @ParameterizedTest
    @EnumSource(
            value = Warc.class,
            names = {"GZIP", "PLAIN"})
    void records_areReadBack_andTheirDigestsAreRight(Warc form) throws Exception {
        SplittableRandom random = new SplittableRandom(18);
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            cases.add(generated(random, i));
        }
        OutputOptions options = Samples.options(form).withInfo(Map.of("software", "Thrum/1 (grüße)"));

        Path folder = write(options, cases.stream().map(Case::exchange).toList());

        Path file = folder.resolve("warc/crawl-00001" + (form == Warc.GZIP ? ".warc.gz" : ".warc"));
        assertThat(Warcs.files(folder)).containsExactly(file);
        assertThat(Warcs.isValid(file)).isTrue();
        List<Read> records = Warcs.read(file);
        assertThat(records).hasSize(1 + 2 * cases.size());
        Read info = records.getFirst();
        assertThat(info.type()).isEqualTo("warcinfo");
        assertThat(info.field("WARC-Filename")).isEqualTo(String.valueOf(file.getFileName()));
        assertThat(new String(info.block(), UTF_8)).startsWith("software: Thrum/1 (grüße)\r\nformat: ");
        for (int i = 0; i < cases.size(); i++) {
            requireRecords(cases.get(i), info, records.get(1 + 2 * i), records.get(2 + 2 * i));
        }
        Set<String> ids = new HashSet<>();
        assertThat(records).allMatch(it -> ids.add(it.field("WARC-Record-ID")));
    }

    private static void requireRecords(Case written, Read info, Read response, Read request) throws Exception {
        Exchange exchange = written.exchange();
        byte[] block = joined(exchange.head(), exchange.body());
        assertThat(response.block()).isEqualTo(block);
        assertThat(response.field("WARC-Payload-Digest")).isEqualTo(sha1(written.payload()));
        assertThat(request.block()).isEqualTo(exchange.request());
        assertThat(request.field("WARC-Concurrent-To")).isEqualTo(response.field("WARC-Record-ID"));
        for (Read record : List.of(response, request)) {
            String type = record.equals(response) ? "response" : "request";
            assertThat(record.type()).isEqualTo(type);
            assertThat(record.field("Content-Type")).isEqualTo("application/http; msgtype=" + type);
            assertThat(record.field("WARC-Target-URI")).isEqualTo(exchange.url());
            assertThat(record.field("WARC-Date")).isEqualTo("2026-11-20T08:20:00.120Z");
            assertThat(record.field("WARC-IP-Address")).isEqualTo("127.0.0.5");
            assertThat(record.field("WARC-Warcinfo-ID")).isEqualTo(info.field("WARC-Record-ID"));
            assertThat(record.field("WARC-Record-ID"))
                    .matches("<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>");
            assertThat(record.fields()).doesNotContainKey("WARC-Truncated");
        }
    }

    /** The two forms differ in nothing but the coding, and each record can be read by itself. */
    @Test
    void compressedFile_isThePlainOneInMembers_andMuchSmaller() throws Exception {
        StringBuilder page = new StringBuilder();
        SplittableRandom random = new SplittableRandom(5);
        while (page.length() < 17_000) {
            page.append("<li class=\"item\"><a href=\"/page/")
                    .append(random.nextInt(100_000))
                    .append("\">Page</a></li>\n");
        }
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            exchanges.add(Samples.exchange(URL, page.toString() + i));
        }
        byte[] plain = Files.readAllBytes(
                Warcs.files(write(Samples.options(Warc.PLAIN), exchanges)).getFirst());
        for (int level = 1; level <= 9; level++) {
            OutputOptions options = Samples.options(Warc.GZIP).withLevel(level);
            byte[] gzip =
                    Files.readAllBytes(Warcs.files(write(options, exchanges)).getFirst());
            // The name of the file is in its first record.
            assertThat(unzipped(gzip)).isEqualTo(new String(plain, ISO_8859_1).replace("1.warc\r", "1.warc.gz\r"));
            assertThat(gzip.length).isLessThan(plain.length / 3);
        }
    }

    private static String unzipped(byte[] gzip) throws IOException {
        try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(content.readAllBytes(), ISO_8859_1);
        }
    }

    @ParameterizedTest
    @EnumSource(Truncation.class)
    void truncatedResponse_saysWhy_andHasNoDigestOfItsPayload(Truncation reason) throws Exception {
        Exchange part =
                Samples.exchange(URL, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", "5\r\nab".getBytes(UTF_8));
        Path folder = write(Samples.options(Warc.GZIP), List.of(Samples.truncated(part, reason)));
        List<Read> records = Warcs.readAll(folder);
        assertThat(records.get(1).field("WARC-Truncated")).isEqualTo(reason.word());
        assertThat(records.get(1).fields()).doesNotContainKey("WARC-Payload-Digest");
        assertThat(records.get(1).block()).isEqualTo(joined(part.head(), part.body()));
        assertThat(records.get(2).fields()).doesNotContainKey("WARC-Truncated");
    }

    @Test
    void unknownRequestAndAddress_areLeftOut() throws Exception {
        Exchange known = Samples.exchange(URL, "x");
        Exchange unknown = new Exchange(URL, Samples.TIME, null, new byte[0], known.head(), known.body(), null, null);
        Path folder = write(Samples.options(Warc.GZIP), List.of(unknown));
        List<Read> records = Warcs.readAll(folder);
        assertThat(records).extracting(Read::type).containsExactly("warcinfo", "response");
        assertThat(records.getLast().fields()).doesNotContainKey("WARC-IP-Address");
        assertThat(Warcs.isValid(Warcs.files(folder).getFirst())).isTrue();
    }

    @Test
    void addressOfIpv6_hasNoBrackets() throws Exception {
        Exchange known = Samples.exchange(URL, "x");
        InetAddress address = InetAddress.getByName("2001:db8:0::7");
        Exchange ipv6 =
                new Exchange(URL, Samples.TIME, address, known.request(), known.head(), known.body(), null, null);
        Path folder = write(Samples.options(Warc.GZIP), List.of(ipv6));
        assertThat(Warcs.readAll(folder).get(1).field("WARC-IP-Address")).isEqualTo("2001:db8::7");
        assertThat(Warcs.isValid(Warcs.files(folder).getFirst())).isTrue();
    }

    private static PageLine earlier(@Nullable String payload) {
        return earlier("http://a.example/old", payload);
    }

    private static PageLine earlier(String finalUrl, @Nullable String payload) {
        PageRecord.Answer answer =
                new PageRecord.Answer(finalUrl, 200, null, null, null, "sha256:00", 0, null, null, null);
        return new PageLine(
                new PageRecord(URL, null, 0, Samples.TIME.minusSeconds(1), answer, null, null, null, null),
                payload,
                null,
                null);
    }

    @Test
    void samePayload_isARevisitRecordWithTheHeadOnly() throws Exception {
        Exchange again = Samples.exchange(URL, "same").confirming(earlier(sha1("same".getBytes(UTF_8))));
        Path folder = write(Samples.options(Warc.GZIP), List.of(again));
        Read revisit = Warcs.readAll(folder).get(1);
        assertThat(revisit.type()).isEqualTo("revisit");
        assertThat(revisit.block()).isEqualTo(again.head());
        assertThat(revisit.field("WARC-Profile"))
                .isEqualTo("http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
        assertThat(revisit.field("WARC-Refers-To-Target-URI")).isEqualTo("http://a.example/old");
        assertThat(revisit.field("WARC-Refers-To-Date")).isEqualTo("2026-11-20T08:19:59.120Z");
        assertThat(revisit.field("WARC-Payload-Digest")).isEqualTo(sha1("same".getBytes(UTF_8)));
        assertThat(revisit.field("WARC-Truncated")).isEqualTo("length");
        assertThat(Warcs.isValid(Warcs.files(folder).getFirst())).isTrue();
    }

    @Test
    void otherPayload_isAResponse_evenIfTheDecodedBodyIsTheSame() throws Exception {
        byte[] gzip = Samples.gzip("same".getBytes(UTF_8));
        Exchange coded = Samples.exchange(
                        URL, "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: " + gzip.length + "\n", gzip)
                .confirming(earlier(sha1("same".getBytes(UTF_8))));
        assertThat(Warcs.readAll(write(Samples.options(Warc.GZIP), List.of(coded)))
                        .get(1)
                        .type())
                .isEqualTo("response");
    }

    @Test
    void status304_isARevisitRecord_ifTheEarlierPageIsKnown() throws Exception {
        String head = "HTTP/1.1 304 Not Modified\nETag: \"e\"\n";
        Exchange unknown = Samples.exchange(URL, head, new byte[0]);
        PageLine odd = earlier("http://a.example/ü\r\n", null);
        PageLine unanswered = new PageLine(
                new PageRecord(URL, null, 0, Samples.TIME, null, null, null, null, null), null, null, null);
        Path folder = write(
                Samples.options(Warc.GZIP),
                List.of(
                        unknown.confirming(earlier("sha1:" + "A".repeat(32))),
                        unknown,
                        unknown.confirming(odd),
                        unknown.confirming(unanswered)));
        List<Read> records = Warcs.readAll(folder);
        assertThat(records.get(1).field("WARC-Profile"))
                .isEqualTo("http://netpreserve.org/warc/1.1/revisit/server-not-modified");
        assertThat(records.get(1).field("WARC-Payload-Digest")).isEqualTo("sha1:" + "A".repeat(32));
        assertThat(records.get(1).fields()).doesNotContainKey("WARC-Truncated");
        assertThat(records)
                .extracting(Read::type)
                .containsExactly(
                        "warcinfo",
                        "revisit",
                        "request",
                        "response",
                        "request",
                        "response",
                        "request",
                        "response",
                        "request");
        assertThat(Warcs.isValid(Warcs.files(folder).getFirst())).isTrue();
    }

    @Test
    void fileIsFollowedByAnother_atEveryBoundary() throws Exception {
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            exchanges.add(Samples.exchange("http://a.example/" + i, "content ".repeat(i)));
        }
        long whole = Files.size(
                Warcs.files(write(Samples.options(Warc.PLAIN), exchanges)).getFirst());
        for (long size = 1; size <= whole + 1; size += whole / 97) {
            Path folder = write(Samples.options(Warc.PLAIN).withWarcSize(size), exchanges);
            List<Path> files = Warcs.files(folder);
            int found = 0;
            for (int i = 0; i < files.size(); i++) {
                boolean isLast = i == files.size() - 1;
                assertThat(files.get(i).getFileName()).hasToString("crawl-0000%d.warc".formatted(i + 1));
                assertThat(isLast || Files.size(files.get(i)) >= size).isTrue();
                List<Read> records = Warcs.read(files.get(i));
                assertThat(records.getFirst().type()).isEqualTo("warcinfo");
                assertThat(records.size() % 2).isOne();
                assertThat(records.size()).isGreaterThan(1);
                // Without its last exchange the file had not reached its size.
                if (records.size() > 3) {
                    assertThat(records.get(records.size() - 2).position()).isLessThan(size);
                }
                for (int at = 1; at < records.size(); at += 2) {
                    assertThat(records.get(at).field("WARC-Target-URI")).isEqualTo("http://a.example/" + found);
                    found++;
                }
            }
            assertThat(found).isEqualTo(exchanges.size());
        }
    }

    @Test
    void memberOfEachRecord_isSeparate() throws Exception {
        Path folder =
                write(Samples.options(Warc.GZIP), List.of(Samples.exchange(URL, "x"), Samples.exchange(URL, "y")));
        byte[] file = Files.readAllBytes(Warcs.files(folder).getFirst());
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i + 2 < file.length; i++) {
            if (file[i] == 0x1f && file[i + 1] == (byte) 0x8b && file[i + 2] == 8) {
                starts.add(i);
            }
        }
        assertThat(starts).hasSize(5);
        for (int start : starts) {
            try (InputStream rest = new GZIPInputStream(new SequenceInputStream(
                    new ByteArrayInputStream(file, start, file.length - start), InputStream.nullInputStream()))) {
                assertThat(new String(rest.readNBytes(10), ISO_8859_1)).isEqualTo("WARC/1.1\r\n");
            }
        }
    }

    @Test
    void fileWithAWrongByte_isNotValid() throws Exception {
        Path file = Warcs.files(write(Samples.options(Warc.PLAIN), List.of(Samples.exchange(URL, "content"))))
                .getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[new String(bytes, ISO_8859_1).lastIndexOf("content")] ^= 1;
        Files.write(file, bytes);
        assertThat(Warcs.isValid(file)).isFalse();
    }

    @Test
    void nothingIsWritten_ifItIsOff() throws Exception {
        assertThat(Warcs.files(write(Samples.options(Warc.OFF), List.of(Samples.exchange(URL, "x")))))
                .isEmpty();
    }

    @Test
    void urlThatCouldAddAField_isRefused() {
        for (String url :
                List.of("", "http://a/b c", "http://a/\r\nWARC-Type: warcinfo", "http://ü/", "http://a/\u007f")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Samples.exchange(url, "x"))
                    .withMessageStartingWith("expected a URL in printable ASCII but was " + url);
        }
    }
}
