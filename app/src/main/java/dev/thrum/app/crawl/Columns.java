package dev.thrum.app.crawl;

/** The width of text on a terminal. */
final class Columns {
    /** From here on (Hangul Jamo) characters may be two columns wide. Counting too many only makes a line shorter. */
    private static final int FIRST_WIDE = 0x1100;

    private Columns() {}

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    private static int of(int codePoint) {
        return codePoint < FIRST_WIDE ? 1 : 2;
    }

    /** The text in exactly this many columns: filled with blanks, or cut with an ellipsis in ASCII. */
    static String fit(String text, int columns) {
        int width = of(text);
        if (width <= columns) {
            return text + " ".repeat(columns - width);
        }
        String ellipsis = "...".substring(0, Math.min(3, columns));
        StringBuilder cut = new StringBuilder();
        int room = columns - ellipsis.length();
        for (int codePoint : text.codePoints().toArray()) {
            room -= of(codePoint);
            if (room < 0) {
                break;
            }
            cut.appendCodePoint(codePoint);
        }
        String whole = cut + ellipsis;
        return whole + " ".repeat(columns - of(whole));
    }
}
