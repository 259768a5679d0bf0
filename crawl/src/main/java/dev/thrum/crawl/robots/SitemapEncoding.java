package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The encoding of a sitemap: that of its byte order mark, the one that its XML declaration names, or UTF-8 (XML,
 * appendix F).
 */
final class SitemapEncoding {
    private static final String DECLARATION = "<?xml ";
    private static final Pattern NAME =
            Pattern.compile("encoding\\s{0,20}=\\s{0,20}[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']");

    private SitemapEncoding() {}

    /**
     * The encoding of what begins so.
     *
     * @param beginning enough to contain an XML declaration
     */
    static Charset of(byte[] beginning) {
        String octets = new String(beginning, ISO_8859_1);
        if (octets.startsWith("\u00fe\u00ff") || octets.startsWith("\0<\0")) {
            return UTF_16BE;
        }
        if (octets.startsWith("\u00ff\u00fe") || (octets.startsWith("<\0") && octets.indexOf('\0', 2) == 3)) {
            return UTF_16LE;
        }
        String text = octets.strip();
        int end = text.indexOf("?>");
        return text.startsWith(DECLARATION) && end > 0 ? declared(text.substring(0, end)) : UTF_8;
    }

    private static Charset declared(String declaration) {
        Matcher name = NAME.matcher(declaration);
        if (!name.find()) {
            return UTF_8;
        }
        try {
            Charset charset = Charset.forName(name.group(1));
            // A declaration that could be read as ASCII is wrong if its encoding reads these bytes differently.
            return DECLARATION.equals(new String(DECLARATION.getBytes(ISO_8859_1), charset)) ? charset : UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return UTF_8;
        }
    }
}
