package dev.thrum.crawl.text;

import dev.thrum.http.client.url.QueryEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;

/** The encoder of gb18030 (Encoding Standard, 10.2.2): the pairs of GBK, and four bytes for all other characters. */
final class Gb18030QueryEncoder implements QueryEncoder {
    /** The character whose two bytes pages use for a space of full width. */
    private static final int NOT_WRITTEN = 0xe5e5;

    private static final int EURO = 0x20ac;
    private static final int EURO_BYTES = 0xa2e3;

    private final TableQueryEncoder gbk;
    /** For what has four bytes, and for private characters that had two before Unicode assigned them others. */
    private final Charset jdk = Charset.forName("GB18030");

    Gb18030QueryEncoder(TableQueryEncoder gbk) {
        this.gbk = gbk;
    }

    @Override
    public int encode(String text, int from, ByteArrayOutputStream target) {
        int at = from;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (point == NOT_WRITTEN) {
                return at;
            }
            int bytes = point == EURO ? EURO_BYTES : gbk.bytes(point);
            if (bytes == TableQueryEncoder.MISSING) {
                target.writeBytes(Character.toString(point).getBytes(jdk));
            } else {
                TableQueryEncoder.write(bytes, target);
            }
            at += Character.charCount(point);
        }
        return at;
    }
}
