package dev.thrum.base;

import java.util.Locale;

/** Escaping of untrusted text for a terminal or for one line of a log. */
public final class Printable {
    private Printable() {}

    /**
     * Replaces characters that could end a line, move the cursor or change the direction of writing by visible
     * escapes: control and format characters and line separators (Unicode categories Cc, Cf, Zl, Zp). Tabs stay.
     */
    public static String of(String text) {
        int first = 0;
        while (first < text.length() && isPlain(text.charAt(first))) {
            first++;
        }
        return first == text.length() ? text : text.substring(0, first) + escaped(text.substring(first));
    }

    /**
     * The beginning of a text, {@linkplain #of made printable} and in quotation marks, with the length of the whole
     * if there is more: {@code "Hello"}, or {@code "aaaa…" (5000 characters)}.
     *
     * @param most the maximum number of characters shown
     */
    public static String excerpt(String text, int most) {
        if (text.length() <= most) {
            return '"' + of(text) + '"';
        }
        int end = most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return '"' + of(text.substring(0, end)) + "…\" (" + text.length() + " characters)";
    }

    private static String escaped(String text) {
        StringBuilder printable = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                default -> {
                    if (isPlain(c)) {
                        printable.append(c);
                    } else {
                        printable.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    }
                }
            }
        }
        return printable.toString();
    }

    /**
     * Whether a code point does nothing to a terminal but show: it is no control, no format character such as those that change the
     * direction of writing, no separator of lines or paragraphs, and no half of a surrogate pair. A tab is a control.
     */
    public static boolean isSafe(int point) {
        if (point < 0x7f) {
            return point >= ' ';
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static boolean isPlain(char c) {
        if (c < 0x7f) {
            return c >= ' ' || c == '\t';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
