package dev.thrum.crawl.text;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The encoding in the declaration at the beginning of XML: {@code <?xml version="1.0" encoding="koi8-r"?>}. */
final class XmlDeclaration {
    private static final int MOST = 1024;
    private static final String NAME = "encoding";

    private XmlDeclaration() {}

    /** The encoding that it declares; empty if it declares none, or an unknown one (HTML, "get an XML encoding"). */
    static Optional<Encoding> find(byte[] page) {
        int length = Math.min(page.length, MOST);
        String text = new String(page, 0, length, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('>');
        if (!text.startsWith("<?xml") || end < 0) {
            return Optional.empty();
        }
        int at = text.substring(0, end).indexOf(NAME);
        if (at < 0) {
            return Optional.empty();
        }
        at = skipControls(text, at + NAME.length());
        if (text.charAt(at) != '=') {
            return Optional.empty();
        }
        at = skipControls(text, at + 1);
        char quote = text.charAt(at);
        int close = quote == '"' || quote == '\'' ? text.indexOf(quote, at + 1) : -1;
        if (close < 0 || close > end) {
            return Optional.empty();
        }
        String label = text.substring(at + 1, close);
        return label.chars().anyMatch(c -> c <= ' ')
                ? Optional.empty()
                : Encoding.ofLabel(label).map(Encoding::asDeclaredInside);
    }

    /** The place after white space and controls, before the bracket that ends the declaration. */
    private static int skipControls(String text, int from) {
        int at = from;
        while (text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }
}
