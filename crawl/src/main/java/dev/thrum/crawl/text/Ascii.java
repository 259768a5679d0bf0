package dev.thrum.crawl.text;

/** The white space and the letters of HTML, which are ASCII's only. */
public final class Ascii {
    private Ascii() {}

    /** Tab, line feed, form feed, carriage return or space: HTML's white space. */
    public static boolean isSpace(int c) {
        return switch (c) {
            case '\t', '\n', '\f', '\r', ' ' -> true;
            default -> false;
        };
    }

    /** Whether a code point is one of the 52 letters of ASCII. */
    public static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** A letter of ASCII in lower case; any other code point as it is. */
    public static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
    }

    /** The text with the letters of ASCII in lower case. */
    public static String lower(String text) {
        int first = 0;
        while (first < text.length() && lower(text.charAt(first)) == text.charAt(first)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        char[] lower = text.toCharArray();
        for (int i = first; i < lower.length; i++) {
            lower[i] = (char) lower(lower[i]);
        }
        return new String(lower);
    }

    /** The text without white space around it. */
    public static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The text without white space around it, and with one space for each white space within. */
    public static String collapse(String text) {
        StringBuilder collapsed = new StringBuilder(text.length());
        boolean pending = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpace(c)) {
                pending = !collapsed.isEmpty();
            } else {
                if (pending) {
                    collapsed.append(' ');
                    pending = false;
                }
                collapsed.append(c);
            }
        }
        return collapsed.toString();
    }
}
