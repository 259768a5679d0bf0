package dev.thrum.crawl.text;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search for the encoding that a page declares in its first 1,024 bytes, as browsers do it before they parse (HTML,
 * 13.2.3.2, "prescan a byte stream to determine its encoding"). Owned by the thread that runs it.
 */
final class MetaPrescan {
    private static final int MOST = 1024;
    private static final int END = -1;
    private static final String CHARSET = "charset";

    private final byte[] bytes;
    private final int to;
    private int at;

    /** The name and the value of the attribute that was read last, in lower case. */
    private String name = "";

    private String value = "";

    private MetaPrescan(byte[] bytes) {
        this.bytes = bytes;
        this.to = Math.min(bytes.length, MOST);
    }

    /** The encoding that the page declares; empty if it declares none, or an unknown one. */
    static Optional<Encoding> find(byte[] page) {
        return Optional.ofNullable(new MetaPrescan(page).find()).map(Encoding::asDeclaredInside);
    }

    private @Nullable Encoding find() {
        while (at < to) {
            if (startsWith("<!--")) {
                // The hyphens of <!--> are those of --> too.
                at = indexOf("-->", at + 2) + 2;
            } else if (startsWith("<meta") && isSpaceOrSlash(octet(at + 5))) {
                at += 5;
                Encoding found = meta();
                if (found != null) {
                    return found;
                }
            } else if (isTag()) {
                skipTag();
            } else if (startsWith("<!") || startsWith("</") || startsWith("<?")) {
                at = indexOf(">", at);
            }
            at++;
        }
        return null;
    }

    private boolean isTag() {
        return octet(at) == '<' && Ascii.isLetter(octet(octet(at + 1) == '/' ? at + 2 : at + 1));
    }

    private void skipTag() {
        while (at < to && !Ascii.isSpace(octet(at)) && octet(at) != '>') {
            at++;
        }
        while (attribute()) {
            // Their values may have what looks like tags.
        }
    }

    private @Nullable Encoding meta() {
        Set<String> seen = new HashSet<>();
        boolean isContentType = false;
        @Nullable Boolean needsContentType = null;
        Optional<Encoding> charset = Optional.empty();
        while (attribute()) {
            if (!seen.add(name)) {
                continue;
            }
            switch (name) {
                case "http-equiv" -> isContentType = value.equals("content-type");
                case "content" -> {
                    Optional<Encoding> inContent = charset.isPresent() ? Optional.empty() : inContent(value);
                    if (inContent.isPresent()) {
                        charset = inContent;
                        needsContentType = true;
                    }
                }
                case CHARSET -> {
                    charset = Encoding.ofLabel(value);
                    needsContentType = false;
                }
                default -> {}
            }
        }
        // An attribute that is cut off by the end of what is searched declares nothing.
        boolean isValid = needsContentType != null && (!needsContentType || isContentType) && at < to;
        return isValid ? charset.orElse(null) : null;
    }

    /** The charset in a value such as {@code text/html; charset=utf-8} (HTML, 2.4.4), in lower case. */
    private static Optional<Encoding> inContent(String content) {
        int from = 0;
        while (true) {
            int found = content.indexOf(CHARSET, from);
            if (found < 0) {
                return Optional.empty();
            }
            from = skipSpace(content, found + CHARSET.length());
            if (from < content.length() && content.charAt(from) == '=') {
                return Encoding.ofLabel(unquoted(content, skipSpace(content, from + 1)));
            }
        }
    }

    private static String unquoted(String content, int from) {
        if (from == content.length()) {
            return "";
        }
        char quote = content.charAt(from);
        if (quote == '"' || quote == '\'') {
            int end = content.indexOf(quote, from + 1);
            return end < 0 ? "" : content.substring(from + 1, end);
        }
        int end = from;
        while (end < content.length() && content.charAt(end) != ';' && !Ascii.isSpace(content.charAt(end))) {
            end++;
        }
        return content.substring(from, end);
    }

    private static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && Ascii.isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Reads the next attribute of a tag ("get an attribute"); false if there is none left. */
    private boolean attribute() {
        while (isSpaceOrSlash(octet(at))) {
            at++;
        }
        if (at >= to || octet(at) == '>') {
            return false;
        }
        int from = at;
        while (at < to && !isEndOfName(octet(at), at > from)) {
            at++;
        }
        name = lower(from, at);
        skipSpace();
        value = "";
        if (octet(at) == '=') {
            at++;
            skipSpace();
            value = value();
        }
        return at < to;
    }

    private static boolean isEndOfName(int octet, boolean hasBegun) {
        return isSpaceOrSlash(octet) || octet == '>' || (octet == '=' && hasBegun);
    }

    private String value() {
        int quote = octet(at);
        if (quote == '"' || quote == '\'') {
            int from = at + 1;
            int end = indexOf(Character.toString(quote), from);
            at = Math.min(end + 1, to);
            return lower(from, end);
        }
        int from = at;
        while (at < to && !Ascii.isSpace(octet(at)) && octet(at) != '>') {
            at++;
        }
        return lower(from, at);
    }

    private void skipSpace() {
        while (Ascii.isSpace(octet(at))) {
            at++;
        }
    }

    private static boolean isSpaceOrSlash(int octet) {
        return Ascii.isSpace(octet) || octet == '/';
    }

    private int octet(int index) {
        return index < to ? bytes[index] & 0xff : END;
    }

    private boolean startsWith(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Ascii.lower(octet(at + i)) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where this text begins; the end if it does not occur any more. */
    private int indexOf(String text, int from) {
        for (int i = from; i + text.length() <= to; i++) {
            int same = 0;
            while (same < text.length() && bytes[i + same] == text.charAt(same)) {
                same++;
            }
            if (same == text.length()) {
                return i;
            }
        }
        return to;
    }

    private String lower(int from, int end) {
        return Ascii.lower(new String(bytes, from, Math.max(end - from, 0), StandardCharsets.ISO_8859_1));
    }
}
