package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.http.Headers;
import dev.thrum.http.client.ResponseException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The codings of bodies: what is decoded, what is refused, and the limits. */
class CodingsTest {
    private static final byte[] TEXT = Coded.file("text.txt");

    /** A second frame, or member, is content too; brotli has none. */
    private static Map<String, byte[]> samples() throws IOException {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("gzip", Gzipped.gzip(TEXT));
        samples.put("X-GZIP", Gzipped.gzip(TEXT));
        samples.put("deflate", Coded.deflate(TEXT, false));
        samples.put(" Deflate", Coded.deflate(TEXT, true));
        samples.put("br", Coded.file("text.br"));
        samples.put("zstd", Coded.file("text.zst"));
        samples.put("ZSTD", Coded.file("text-fast.zst"));
        samples.put("br, gzip", Gzipped.gzip(Coded.file("text.br")));
        samples.put("gzip, identity, deflate", Coded.deflate(Gzipped.gzip(TEXT), true));
        samples.put("zstd, gzip, deflate", Coded.deflate(Gzipped.gzip(Coded.file("text.zst")), false));
        return samples;
    }

    private static Kind kindOf(String codings, byte[] bytes) {
        ResponseException e = catchThrowableOfType(ResponseException.class, () -> Coded.decode(codings, bytes));
        assertThat(e).as("%s of %d bytes", codings, bytes.length).isNotNull();
        return e.kind();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void everyCoding_isDecoded_whateverTheSizeOfTheFragments() throws Exception {
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            for (int size : new int[] {1, 2, 3, 5, 17, 1_000, 100_000}) {
                for (boolean tolerant : new boolean[] {true, false}) {
                    InputStream in = Coded.inFragments(sample.getValue(), size);
                    assertThat(Coded.decode(sample.getKey(), in, tolerant, TEXT.length))
                            .as("%s in fragments of %d", sample.getKey(), size)
                            .isEqualTo(TEXT);
                }
            }
        }
    }

    @Test
    void emptyBody_isEmpty_inEveryCoding() throws Exception {
        for (String coding : samples().keySet()) {
            assertThat(Coded.decode(coding, new byte[0])).as(coding).isEmpty();
        }
    }

    @Test
    void truncatedBody_isAnError_whereverItIsCut() throws Exception {
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            byte[] whole = sample.getValue();
            for (int length = 1; length < whole.length; length += length < 40 || length > whole.length - 20 ? 1 : 37) {
                assertThat(kindOf(sample.getKey(), Arrays.copyOf(whole, length)))
                        .isIn(Kind.CUT, Kind.MALFORMED);
            }
        }
    }

    @Test
    void bytesAfterTheEnd_areAnError_orIgnoredTolerantly() throws Exception {
        byte[] padding = "\0\0\0\0\0".getBytes(US_ASCII);
        for (String coding : new String[] {"gzip", "deflate", "zstd"}) {
            byte[] padded = Coded.joined(Objects.requireNonNull(samples().get(coding)), padding);
            assertThat(kindOf(coding, padded)).as(coding).isEqualTo(Kind.MALFORMED);
            assertThat(Coded.decode(coding, new ByteArrayInputStream(padded), true, TEXT.length))
                    .isEqualTo(TEXT);
        }
        assertThat(kindOf("br", Coded.joined(Objects.requireNonNull(samples().get("br")), padding)))
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void codingsThatAreNotKnown_areLeft() {
        assertThat(left("compress")).isEqualTo("compress");
        assertThat(left("gzip, exi")).isEqualTo("gzip, exi");
        assertThat(left("utf-8")).isEqualTo("utf-8");
        assertThat(left("gzip, gzip, gzip, gzip, gzip")).isEqualTo("gzip, gzip, gzip, gzip, gzip");
        assertThat(left("gzip, gzip, gzip, gzip")).isEmpty();
        assertThat(left("identity")).isEmpty();
        assertThat(ContentCoding.of(Headers.of("Content-Encoding", "br"), false).left())
                .hasValue("br");
    }

    private static String left(String codings) {
        return ContentCoding.of(Headers.of("Content-Encoding", codings), true)
                .left()
                .orElse("");
    }

    @Test
    void whatIsAskedFor_isWhatIsDecoded() {
        for (String coding : ContentCoding.ACCEPTED.split(", ", -1)) {
            assertThat(left(coding)).isEmpty();
        }
    }

    @Test
    void limit_countsDecodedBytes() throws Exception {
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            ResponseException e = catchThrowableOfType(
                    ResponseException.class,
                    () -> Coded.decode(
                            sample.getKey(), new ByteArrayInputStream(sample.getValue()), false, TEXT.length - 1));
            assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE);
            assertThat(e).hasMessageContaining("at most " + (TEXT.length - 1) + " bytes when decoded");
        }
    }

    /** Each would become more than the limit, the last one between two codings. */
    @Test
    void bombs_endAtTheLimit() throws Exception {
        byte[] gzip = Gzipped.gzip(new byte[30_000_000]);
        Map<String, byte[]> bombs = new LinkedHashMap<>();
        bombs.put("gzip", gzip);
        bombs.put("deflate", Coded.deflate(new byte[30_000_000], true));
        bombs.put("br", Coded.file("zeros.br"));
        bombs.put("zstd", zstdOfRuns(0x58, 10_000));
        bombs.put("gzip, gzip", Gzipped.gzip(gzip));
        bombs.put("br, gzip", Gzipped.gzip(Coded.file("zeros.br")));
        // Its members are empty, so only the limit between the codings sees them.
        bombs.put("gzip, br", Coded.file("zeros.br"));
        for (Map.Entry<String, byte[]> bomb : bombs.entrySet()) {
            if (bomb.getKey().equals("gzip, br")) {
                assertThat(kindOf(bomb.getKey(), bomb.getValue())).isEqualTo(Kind.MALFORMED);
            } else {
                assertThat(kindOf(bomb.getKey(), bomb.getValue()))
                        .as(bomb.getKey())
                        .isEqualTo(Kind.TOO_LARGE);
            }
        }
    }

    /** The heap of the test is smaller than what it decodes. */
    @Test
    void memory_isBounded_howeverLongTheContentIs() throws Exception {
        long blocks = 12_000;
        byte[] runs = zstdOfRuns(0x68, (int) blocks);
        long count =
                Coded.drain("zstd", new ByteArrayInputStream(runs), false, Long.MAX_VALUE, new ByteArrayOutputStream());
        assertThat(count)
                .isEqualTo(blocks * 128 * 1024)
                .isGreaterThan(Runtime.getRuntime().maxMemory());
    }

    /** A frame with this window descriptor, of blocks that repeat one byte 128 Ki times. */
    private static byte[] zstdOfRuns(int window, int blocks) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes(0x28, 0xb5, 0x2f, 0xfd, 0, window));
        for (int i = 1; i <= blocks; i++) {
            int block = ((128 * 1024) << 3) | 2 | (i == blocks ? 1 : 0);
            all.writeBytes(bytes(block, block >> 8, block >> 16, 'a'));
        }
        return all.toByteArray();
    }

    @Test
    void zstdFrames_areRefused_whenTheyNeedTooMuch() {
        // The decoder would keep a window of a gigabyte of which 40 KB arrive.
        assertThat(kindOf("zstd", zstdOfRuns(0xa0, 10_000))).isEqualTo(Kind.TOO_LARGE);
        assertThat(kindOf("zstd", zstdOfRuns(0x69, 1))).isEqualTo(Kind.TOO_LARGE);
        assertThat(kindOf("zstd", zstdOfRuns(0xff, 1))).isEqualTo(Kind.TOO_LARGE);
        byte[] magic = bytes(0x28, 0xb5, 0x2f, 0xfd);
        // A single segment of 8 MiB and a byte, and one of 2^64 - 1 bytes.
        assertThat(kindOf("zstd", Coded.joined(magic, bytes(0xa0, 1, 0, 0x80, 0, 1, 0, 0))))
                .isEqualTo(Kind.TOO_LARGE);
        assertThat(kindOf("zstd", Coded.joined(magic, bytes(0xe0, 255, 255, 255, 255, 255, 255, 255, 255))))
                .isEqualTo(Kind.TOO_LARGE);
        // A dictionary; a reserved block type; a block above 128 KiB.
        assertThat(kindOf("zstd", Coded.joined(magic, bytes(1, 0x50, 7, 1, 0, 0))))
                .isEqualTo(Kind.MALFORMED);
        assertThat(kindOf("zstd", Coded.joined(magic, bytes(0, 0x50, 7, 0, 0)))).isEqualTo(Kind.MALFORMED);
        assertThat(kindOf("zstd", Coded.joined(magic, bytes(0, 0x50, 0x0b, 0, 0x10))))
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void zstdFrames_areConcatenated_andOthersLeftOut() throws Exception {
        byte[] skipped = Coded.joined(bytes(0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0), new byte[] {1, 2, 3, 4, 5});
        byte[] nothing = bytes(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0);
        byte[] run = bytes(0x28, 0xb5, 0x2f, 0xfd, 0, 0x50, 0x1b, 0, 0, 'x');
        byte[] raw = bytes(0x28, 0xb5, 0x2f, 0xfd, 0x20, 2, 0x11, 0, 0, 'y', 'z');
        byte[] all = Coded.joined(skipped, run, nothing, raw, run, skipped);
        for (int size = 1; size < all.length; size++) {
            assertThat(Coded.decode("zstd", Coded.inFragments(all, size), false, 100))
                    .asString(ISO_8859_1)
                    .isEqualTo("xxxyzxxx");
        }
        assertThat(kindOf("zstd", Arrays.copyOf(all, all.length - 1))).isEqualTo(Kind.CUT);
    }

    @Test
    void zstdChecksum_isVerified() {
        byte[] wrong = Coded.file("text.zst");
        wrong[wrong.length - 1] ^= 1;
        assertThat(kindOf("zstd", wrong)).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void failureOfTheConnection_isNotHidden_byTheDecoders() throws Exception {
        IOException failure = new IOException("Connection reset");
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw failure;
            }
        };
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            for (boolean tolerant : new boolean[] {true, false}) {
                for (int length : new int[] {0, 3, 200}) {
                    InputStream in =
                            new SequenceInputStream(new ByteArrayInputStream(sample.getValue(), 0, length), failing);
                    assertThat(catchThrowable(() -> Coded.decode(sample.getKey(), in, tolerant, 10_000)))
                            .as("%s after %d bytes", sample.getKey(), length)
                            .isSameAs(failure);
                }
            }
        }
    }

    /** Text that is no brotli is taken as it is; compressed data that is damaged is not. */
    @Test
    void body_isTakenAsItIs_onlyIfItProvablyHasNoCoding() throws Exception {
        byte[] html = "<!doctype html><p>\u00e9".repeat(200).getBytes(ISO_8859_1);
        for (String coding : samples().keySet()) {
            assertThat(Coded.decode(coding, new ByteArrayInputStream(html), true, 10_000))
                    .as(coding)
                    .isEqualTo(html);
            assertThat(kindOf(coding, html)).as(coding).isIn(Kind.MALFORMED, Kind.CUT);
        }
        for (String coding : new String[] {"br", " Deflate"}) {
            byte[] damaged = samples().get(coding);
            Arrays.fill(damaged, 10, 40, (byte) 0xff);
            assertThat(catchThrowable(() -> Coded.decode(coding, new ByteArrayInputStream(damaged), true, 10_000)))
                    .as(coding)
                    .isInstanceOf(ResponseException.class);
        }
    }
}
