package dev.thrum.crawl.text;

import dev.thrum.http.client.url.QueryEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * The encoder of ISO-2022-JP (Encoding Standard, 12.2.2): the pairs of EUC-JP without their highest bits, between
 * escape sequences.
 */
final class Iso2022JpQueryEncoder implements QueryEncoder {
    private static final int LOWEST_PAIR = 0xa1a1;
    private static final int HIGH_BITS = 0x8080;

    private final TableQueryEncoder eucJp;

    Iso2022JpQueryEncoder(TableQueryEncoder eucJp) {
        this.eucJp = eucJp;
    }

    private enum Mode {
        ASCII("\u001b(B"),
        ROMAN("\u001b(J"),
        JIS("\u001b$B");

        @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it.
        private final byte[] escape;

        Mode(String escape) {
            this.escape = escape.getBytes(StandardCharsets.US_ASCII);
        }
    }

    @Override
    public int encode(String text, int from, ByteArrayOutputStream target) {
        Mode mode = Mode.ASCII;
        int at = from;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            int bytes = bytes(point);
            if (bytes == TableQueryEncoder.MISSING) {
                break;
            }
            Mode next = mode(point, bytes, mode);
            if (next != mode) {
                target.writeBytes(next.escape);
                mode = next;
            }
            TableQueryEncoder.write(bytes, target);
            at += Character.charCount(point);
        }
        if (mode != Mode.ASCII) {
            target.writeBytes(Mode.ASCII.escape);
        }
        return at;
    }

    private int bytes(int point) {
        // These three switch between tables.
        if (point == 0x0e || point == 0x0f || point == 0x1b) {
            return TableQueryEncoder.MISSING;
        }
        int bytes = eucJp.bytes(fullWidth(point));
        boolean isOther = bytes > 0x7f && bytes < LOWEST_PAIR;
        return isOther ? TableQueryEncoder.MISSING : bytes & ~(bytes >= LOWEST_PAIR ? HIGH_BITS : 0);
    }

    /** Katakana of half width are not written in this encoding; those of full width are, with their marks. */
    private static int fullWidth(int point) {
        return switch (point) {
            case 0xff9e -> 0x309b;
            case 0xff9f -> 0x309c;
            default ->
                point > 0xff60 && point < 0xff9e
                        ? Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKC)
                                .codePointAt(0)
                        : point;
        };
    }

    private static Mode mode(int point, int bytes, Mode before) {
        if (bytes > 0x7f) {
            return Mode.JIS;
        }
        if (point != bytes) {
            return Mode.ROMAN;
        }
        boolean staysRoman = before == Mode.ROMAN && point != '\\' && point != '~';
        return staysRoman ? Mode.ROMAN : Mode.ASCII;
    }
}
