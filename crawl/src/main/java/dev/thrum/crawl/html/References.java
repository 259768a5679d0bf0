package dev.thrum.crawl.html;

import org.jsoup.nodes.Entities;
import org.jspecify.annotations.Nullable;

/** The character references in a page (13.2.5.72 to 13.2.5.80). Owned by the thread of its scan. */
final class References {
    private static final char REPLACEMENT = '\ufffd';
    /** One more than the letters of the longest name. */
    private static final int LONGEST_NAME = 32;
    /** The letters of the longest name that needs no semicolon. */
    private static final int LONGEST_BARE_NAME = 6;
    /** What the numbers from 80 to 9F mean: the characters of windows-1252. */
    private static final String CONTROLS =
            "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f"
                    + "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

    private final PageBytes page;
    private final byte[] bytes;
    private String characters = "";

    References(PageBytes page) {
        this.page = page;
        this.bytes = page.array();
    }

    /** What the reference that has been read last stands for. */
    String characters() {
        return characters;
    }

    /** The value of the attribute in this range. */
    String attribute(int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '&' && bytes[at] != 0) {
            at++;
        }
        if (at == to) {
            return page.text(from, to);
        }
        StringBuilder value = new StringBuilder(to - from);
        int begin = from;
        while (at < to) {
            if (bytes[at] == '&') {
                value.append(page.text(begin, at));
                at = read(at, to, true);
                value.append(characters);
                begin = at;
            } else {
                at++;
            }
        }
        return value.append(page.text(begin, to)).toString().replace('\0', REPLACEMENT);
    }

    /**
     * Reads the reference that may begin with the ampersand at this place; without one, the ampersand stands for itself.
     *
     * @param to where the text or the value ends
     * @return the place after it
     */
    int read(int ampersand, int to, boolean isInAttribute) {
        int from = ampersand + 1;
        if (from < to && bytes[from] == '#') {
            return number(from + 1, to);
        }
        int at = from;
        while (at < to && at - from < LONGEST_NAME && isAlphanumeric(bytes[at])) {
            at++;
        }
        String name = page.text(from, at);
        boolean isClosed = at < to && bytes[at] == ';';
        String whole = isClosed ? named(name) : null;
        if (whole != null) {
            characters = whole;
            return at + 1;
        }
        int length = bareLength(name);
        int after = from + length;
        // In attributes, such a name is mostly the next parameter of a query: ?a=1&copy=2.
        boolean isText = isInAttribute && after < to && (bytes[after] == '=' || isAlphanumeric(bytes[after]));
        if (length == 0 || isText) {
            characters = "&";
            return from;
        }
        characters = Entities.getByName(name.substring(0, length));
        return after;
    }

    private static @Nullable String named(String name) {
        return switch (name) {
            case "amp" -> "&";
            case "lt" -> "<";
            case "gt" -> ">";
            case "quot" -> "\"";
            case "nbsp" -> "\u00a0";
            default -> {
                String found = Entities.getByName(name);
                yield found.isEmpty() ? null : found;
            }
        };
    }

    /** The length of the longest name at the beginning of this one that needs no semicolon; 0 if there is none. */
    private static int bareLength(String name) {
        int length = Math.min(name.length(), LONGEST_BARE_NAME);
        while (length > 0 && !Entities.isBaseNamedEntity(name.substring(0, length))) {
            length--;
        }
        return length;
    }

    /** Reads a number after its sign. */
    private int number(int sign, int to) {
        boolean isHex = sign < to && (bytes[sign] == 'x' || bytes[sign] == 'X');
        int from = isHex ? sign + 1 : sign;
        int radix = isHex ? 16 : 10;
        int at = from;
        int number = 0;
        while (at < to && Character.digit(bytes[at], radix) >= 0) {
            number = Math.min(number * radix + Character.digit(bytes[at], radix), Character.MAX_CODE_POINT + 1);
            at++;
        }
        if (at == from) {
            characters = "&";
            return sign - 1;
        }
        characters = character(number);
        return at < to && bytes[at] == ';' ? at + 1 : at;
    }

    private static String character(int number) {
        boolean isCharacter = number > 0
                && number <= Character.MAX_CODE_POINT
                && (number < Character.MIN_SURROGATE || number > Character.MAX_SURROGATE);
        if (!isCharacter) {
            return String.valueOf(REPLACEMENT);
        }
        boolean isControl = number >= 0x80 && number < 0x80 + CONTROLS.length();
        return isControl ? String.valueOf(CONTROLS.charAt(number - 0x80)) : Character.toString(number);
    }

    private static boolean isAlphanumeric(byte octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') || (octet >= '0' && octet <= '9');
    }
}
