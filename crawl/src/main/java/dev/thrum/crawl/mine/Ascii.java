package dev.thrum.crawl.mine;

/** The white space and the letters of HTML, which are ASCII's only. */
final class Ascii {
    private Ascii() {}

    /** Tab, line feed, form feed, carriage return or space: HTML's white space. */
    static boolean isSpace(int c) {
        return switch (c) {
            case '\t', '\n', '\f', '\r', ' ' -> true;
            default -> false;
        };
    }

    static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
    }

    static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.chars().forEach(c -> lower.append((char) lower(c)));
        return lower.toString();
    }

    /** The text without white space around it. */
    static String strip(String text) {
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
    static String collapse(String text) {
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
