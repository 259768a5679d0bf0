package dev.thrum.crawl.text;

import org.jspecify.annotations.Nullable;

/**
 * The text of a page. Its encoding is, in this order: that of its byte order mark; the {@code charset} of {@code
 * Content-Type}; the one it declares in its first 1,024 bytes as HTML or as XML (HTML, 13.2.3.2); UTF-8 if it is valid; what
 * a detector guesses; windows-1252. All labels of the <a href="https://encoding.spec.whatwg.org/">Encoding Standard</a> are
 * understood, with its meaning of them. Malformed bytes become U+FFFD; decoding never fails.
 *
 * @param text without the byte order mark
 * @param encoding the name of the encoding, as the Encoding Standard writes it
 * @param source what determined the encoding
 */
public record PageText(String text, String encoding, Source source) {
    /** What determined the encoding of a page. */
    public enum Source {
        BYTE_ORDER_MARK,
        CONTENT_TYPE,
        /** A {@code meta} element, or two characters of XML in UTF-16. */
        META,
        XML_DECLARATION,
        DETECTOR
    }

    /**
     * The text of a page.
     *
     * @param body as received, without codings; not changed
     * @param contentType the value of {@code Content-Type}; null if there is none
     */
    public static PageText decode(byte[] body, @Nullable String contentType) {
        PageEncoding found = PageEncoding.of(body, contentType);
        return new PageText(found.decode(body), found.encoding().name(), found.source());
    }
}
