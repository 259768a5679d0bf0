package dev.thrum.crawl.url;

import java.util.HexFormat;

/**
 * The parts of a segment or of a value that a program made: numbers, and tokens such as hashes, UUIDs and session ids.
 * Words that people write are neither: {@code top-10-of-2024} has two numbers, and no token.
 */
final class Tokens {
    private static final String NUMBER = "{n}";
    private static final String TOKEN = "{t}";

    /** Above this length, a word with a digit in it is a token. */
    private static final int LONG = 20;
    /** The least length of any token. */
    private static final int SHORTEST = 8;
    /** The least length of a number that is as good as a token. */
    private static final int LONG_NUMBER = 9;

    private static final int MOST_OF_A_VALUE = 512;
    private static final int UUID = 36;

    private Tokens() {}

    /** Whether a value may be that of a session: it has a token or a long number, and nothing that only texts have. */
    static boolean isTokenLike(String value) {
        if (value.length() < SHORTEST || value.length() > MOST_OF_A_VALUE || value.indexOf('/') >= 0) {
            return false;
        }
        StringBuilder blanked = new StringBuilder();
        blank(value, blanked);
        return blanked.indexOf(TOKEN) >= 0 || hasLongNumber(value);
    }

    private static boolean hasLongNumber(String value) {
        int digits = 0;
        for (int i = 0; i < value.length() && digits < LONG_NUMBER; i++) {
            digits = isDigit(value.charAt(i)) ? digits + 1 : 0;
        }
        return digits == LONG_NUMBER;
    }

    /** Appends a text with <code>{n}</code> for each number, and <code>{t}</code> for each token. */
    static void blank(String text, StringBuilder target) {
        int at = 0;
        while (at < text.length()) {
            if (PercentEscapes.isAt(text, at)) {
                target.append(text, at, at + PercentEscapes.LENGTH);
                at += PercentEscapes.LENGTH;
            } else if (isAlphanumeric(text.charAt(at))) {
                at = joined(text, at, target);
            } else {
                target.append(text.charAt(at++));
            }
        }
    }

    /** Appends the words from this place on that are joined; returns their end. */
    private static int joined(String text, int from, StringBuilder target) {
        int end = joinedEnd(text, from);
        if (isJoinedToken(text, from, end)) {
            target.append(TOKEN);
            return end;
        }
        int at = from;
        while (at < end) {
            if (isAlphanumeric(text.charAt(at))) {
                at = word(text, at, target);
            } else {
                target.append(text.charAt(at++));
            }
        }
        return end;
    }

    /** The end of the words that are joined as in base64 for URLs. */
    private static int joinedEnd(String text, int from) {
        int end = from;
        while (end < text.length() && (isAlphanumeric(text.charAt(end)) || "-_".indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        return end;
    }

    private static boolean isJoinedToken(String text, int from, int end) {
        return isUuid(text, from, end) || (end - from > LONG && isMixed(text, from, end));
    }

    private static boolean isUuid(String text, int from, int end) {
        if (end - from != UUID) {
            return false;
        }
        for (int i = 0; i < UUID; i++) {
            char c = text.charAt(from + i);
            boolean isDash = i == 8 || i == 13 || i == 18 || i == 23;
            if (isDash ? c != '-' : !HexFormat.isHexDigit(c)) {
                return false;
            }
        }
        return true;
    }

    /** Appends the word at this place; returns its end. */
    private static int word(String text, int from, StringBuilder target) {
        int end = from;
        while (end < text.length() && isAlphanumeric(text.charAt(end))) {
            end++;
        }
        if (isToken(text, from, end)) {
            target.append(TOKEN);
            return end;
        }
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                target.append(c);
            } else if (i == from || !isDigit(text.charAt(i - 1))) {
                target.append(NUMBER);
            }
        }
        return end;
    }

    private static boolean isToken(String text, int from, int end) {
        int length = end - from;
        int digits = 0;
        int hex = 0;
        for (int i = from; i < end; i++) {
            digits += isDigit(text.charAt(i)) ? 1 : 0;
            hex += HexFormat.isHexDigit(text.charAt(i)) ? 1 : 0;
        }
        return length >= SHORTEST
                && digits > 0
                && digits < length
                && (length > LONG || hex == length || isMixed(text, from, end));
    }

    /**
     * Whether the kind of character (digit, lower case, upper case) changes as often as in random text: about every
     * third time.
     */
    private static boolean isMixed(String text, int from, int end) {
        int changes = 0;
        int digits = 0;
        for (int i = from; i < end; i++) {
            int kind = kind(text.charAt(i));
            digits += kind == 1 ? 1 : 0;
            int before = i == from ? 0 : kind(text.charAt(i - 1));
            changes += before != 0 && kind != 0 && before != kind ? 1 : 0;
        }
        return digits > 0 && changes * 3 >= end - from;
    }

    /** 1 for a digit, 2 and 3 for letters of lower and upper case, 0 for others. */
    private static int kind(char c) {
        if (isDigit(c)) {
            return 1;
        }
        return c >= 'a' && c <= 'z' ? 2 : c >= 'A' && c <= 'Z' ? 3 : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlphanumeric(char c) {
        return kind(c) != 0;
    }
}
