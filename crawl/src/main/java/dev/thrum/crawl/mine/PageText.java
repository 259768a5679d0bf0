package dev.thrum.crawl.mine;

import java.util.Optional;
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
        Mark mark = Mark.of(body);
        if (mark != null) {
            return text(body, mark.length, mark.encoding, Source.BYTE_ORDER_MARK);
        }
        Optional<Encoding> declared =
                Optional.ofNullable(contentType).flatMap(ContentType::charset).flatMap(Encoding::ofLabel);
        if (declared.isPresent()) {
            return text(body, 0, declared.get(), Source.CONTENT_TYPE);
        }
        Optional<Encoding> wide = wide(body);
        declared = wide.isPresent() ? wide : MetaPrescan.find(body);
        if (declared.isPresent()) {
            return text(body, 0, declared.get(), Source.META);
        }
        declared = XmlDeclaration.find(body);
        return declared.isPresent()
                ? text(body, 0, declared.get(), Source.XML_DECLARATION)
                : text(body, 0, DetectedEncoding.of(body, 0), Source.DETECTOR);
    }

    private static PageText text(byte[] body, int from, Encoding encoding, Source source) {
        return new PageText(encoding.decode(body, from), encoding.name(), source);
    }

    /** The beginning of an XML declaration in UTF-16. */
    private static Optional<Encoding> wide(byte[] body) {
        if (startsWith(body, '<', 0, '?', 0, 'x', 0)) {
            return Optional.of(Encoding.UTF16LE);
        }
        return startsWith(body, 0, '<', 0, '?', 0, 'x') ? Optional.of(Encoding.UTF16BE) : Optional.empty();
    }

    private static boolean startsWith(byte[] body, int... octets) {
        if (body.length < octets.length) {
            return false;
        }
        for (int i = 0; i < octets.length; i++) {
            if ((body[i] & 0xff) != octets[i]) {
                return false;
            }
        }
        return true;
    }

    private record Mark(Encoding encoding, int length) {
        static @Nullable Mark of(byte[] body) {
            if (startsWith(body, 0xef, 0xbb, 0xbf)) {
                return new Mark(Encoding.UTF8, 3);
            }
            if (startsWith(body, 0xfe, 0xff)) {
                return new Mark(Encoding.UTF16BE, 2);
            }
            return startsWith(body, 0xff, 0xfe) ? new Mark(Encoding.UTF16LE, 2) : null;
        }
    }
}
