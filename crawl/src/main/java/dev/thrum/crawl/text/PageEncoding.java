package dev.thrum.crawl.text;

import dev.thrum.crawl.text.PageText.Source;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of a page, as {@link PageText} determines it.
 *
 * @param from where the text begins: after the byte order mark
 */
public record PageEncoding(Encoding encoding, Source source, int from) {
    /**
     * The encoding of this page.
     *
     * @param contentType the value of {@code Content-Type}; null if there is none
     */
    public static PageEncoding of(byte[] body, @Nullable String contentType) {
        PageEncoding marked = marked(body);
        if (marked != null) {
            return marked;
        }
        Optional<Encoding> declared =
                Optional.ofNullable(contentType).flatMap(ContentType::charset).flatMap(Encoding::ofLabel);
        if (declared.isPresent()) {
            return new PageEncoding(declared.get(), Source.CONTENT_TYPE, 0);
        }
        Optional<Encoding> wide = wide(body);
        declared = wide.isPresent() ? wide : MetaPrescan.find(body);
        if (declared.isPresent()) {
            return new PageEncoding(declared.get(), Source.META, 0);
        }
        declared = XmlDeclaration.find(body);
        return declared.isPresent()
                ? new PageEncoding(declared.get(), Source.XML_DECLARATION, 0)
                : new PageEncoding(DetectedEncoding.of(body), Source.DETECTOR, 0);
    }

    /** The text of the page that this encoding was determined for. */
    public String decode(byte[] body) {
        return encoding.decoder().decode(body, from, body.length);
    }

    /** The text of at most this many bytes; its last character may be cut. */
    public String decodeBeginning(byte[] body, int bytes) {
        return encoding.decoder().decode(body, from, Math.min(body.length, from + bytes));
    }

    private static @Nullable PageEncoding marked(byte[] body) {
        if (startsWith(body, 0xef, 0xbb, 0xbf)) {
            return new PageEncoding(Encoding.UTF8, Source.BYTE_ORDER_MARK, 3);
        }
        if (startsWith(body, 0xfe, 0xff)) {
            return new PageEncoding(Encoding.UTF16BE, Source.BYTE_ORDER_MARK, 2);
        }
        return startsWith(body, 0xff, 0xfe) ? new PageEncoding(Encoding.UTF16LE, Source.BYTE_ORDER_MARK, 2) : null;
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
}
