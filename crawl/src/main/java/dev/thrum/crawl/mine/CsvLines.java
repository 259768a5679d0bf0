package dev.thrum.crawl.mine;

import dev.thrum.base.Printable;

/** Results as CSV (RFC 4180). */
final class CsvLines {
    private static final String END = "\r\n";
    static final String HEADER = "url,final,status,value,error" + END;

    private static final char REPLACEMENT = '\ufffd';

    private CsvLines() {}

    static String of(Mined mined) {
        StringBuilder lines = new StringBuilder();
        switch (mined) {
            case Mined.Values page -> {
                String head = field(page.url()) + ',' + field(page.finalUrl().toString()) + ',' + page.status() + ',';
                page.values()
                        .forEach(value -> lines.append(head)
                                .append(field(value))
                                .append(',')
                                .append(END));
            }
            case Mined.Failed failed ->
                lines.append(field(failed.url()))
                        .append(',')
                        .append(
                                failed.finalUrl() == null
                                        ? ""
                                        : field(failed.finalUrl().toString()))
                        .append(',')
                        .append(failed.status() == 0 ? "" : failed.status())
                        .append(",,")
                        .append(field(failed.error()))
                        .append(END);
        }
        return lines.toString();
    }

    /** A field; line ends within it become CR LF, tabs and other controls can't do harm. */
    private static String field(String value) {
        StringBuilder field = new StringBuilder(value.length() + 8);
        if (isFormula(value)) {
            field.append('\'');
        }
        boolean isQuoted = false;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '"' -> field.append("\"\"");
                case '\r', '\n' -> {
                    if (c == '\r' && i < value.length() && value.charAt(i) == '\n') {
                        i++;
                    }
                    field.append(END);
                }
                case '\t' -> field.append('\t');
                default -> field.appendCodePoint(shown(c));
            }
            isQuoted |= c == '"' || c == ',' || c == '\r' || c == '\n';
        }
        return isQuoted ? '"' + field.toString() + '"' : field.toString();
    }

    private static int shown(int c) {
        return Printable.isSafe(c) || isJoiner(c) ? c : REPLACEMENT;
    }

    /** Whether a character joins or separates letters within a word, as Persian, Indic scripts and emoji need it. */
    private static boolean isJoiner(int c) {
        return c == 0x200c || c == 0x200d;
    }

    /** Whether a spreadsheet would compute it; some skip blanks before the sign. */
    private static boolean isFormula(String value) {
        int i = 0;
        while (i < value.length() && (value.charAt(i) <= ' ' || value.charAt(i) == '\u00a0')) {
            i++;
        }
        return i < value.length() && "=+-@".indexOf(value.charAt(i)) >= 0;
    }
}
