package dev.thrum.crawl.text;

import java.util.Map;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/** The character references in a text, such as that of the ampersand itself (HTML, 13.2.5.72). */
public final class CharacterReferences {
    /** The usual ones; with their semicolons they mean nothing else, whatever follows. */
    private static final Map<String, String> USUAL = Map.of(
            "amp", "&",
            "lt", "<",
            "gt", ">",
            "quot", "\"",
            "apos", "'",
            "#39", "'",
            "#039", "'",
            "nbsp", "\u00a0",
            "ndash", "\u2013",
            "raquo", "\u00bb");

    private static final int LONGEST = "ndash".length();

    private CharacterReferences() {}

    /** The text with the characters that the references in it stand for. */
    public static String decode(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        // For any other, jsoup makes a parser of its own, which costs as much as all else about a title.
        String usual = decodeUsual(text);
        return usual == null ? Parser.unescapeEntities(text, false) : usual;
    }

    /** The same if there are only usual ones, and signs that begin none; else null. */
    private static @Nullable String decodeUsual(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        int from = 0;
        int sign = text.indexOf('&');
        while (sign >= 0) {
            decoded.append(text, from, sign);
            from = sign + 1;
            if (from == text.length() || Ascii.isSpace(text.charAt(from))) {
                decoded.append('&');
            } else {
                int end = text.indexOf(';', from);
                String character = end < 0 || end - from > LONGEST ? null : USUAL.get(text.substring(from, end));
                if (character == null) {
                    return null;
                }
                decoded.append(character);
                from = end + 1;
            }
            sign = text.indexOf('&', from);
        }
        return decoded.append(text, from, text.length()).toString();
    }
}
