package dev.thrum.crawl.text;

import java.util.Optional;

/** What a field {@code Content-Type} says about a page. */
public final class ContentType {
    private static final String CHARSET = "charset=";

    private ContentType() {}

    /** How a body is parsed. */
    public enum Kind {
        HTML,
        XML,
        /** It is no page. */
        OTHER
    }

    /** The first parameter {@code charset}, without quotation marks of either kind; empty if there is none. */
    public static Optional<String> charset(String field) {
        int from = field.indexOf(';');
        while (from >= 0) {
            int end = endOfParameter(field, from + 1);
            String parameter = Ascii.strip(field.substring(from + 1, end < 0 ? field.length() : end));
            if (Ascii.lower(parameter).startsWith(CHARSET)) {
                return Optional.of(unquoted(Ascii.strip(parameter.substring(CHARSET.length()))));
            }
            from = end;
        }
        return Optional.empty();
    }

    /** The next semicolon that is not within quotation marks; -1 if there is none. */
    private static int endOfParameter(String field, int from) {
        boolean isQuoted = false;
        for (int i = from; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ';' && !isQuoted) {
                return i;
            }
        }
        return -1;
    }

    private static String unquoted(String text) {
        int from = text.startsWith("\"") || text.startsWith("'") ? 1 : 0;
        int to =
                text.length() > from && (text.endsWith("\"") || text.endsWith("'")) ? text.length() - 1 : text.length();
        return text.substring(from, to);
    }

    /** The kind of a body. One without a type, or with an unreadable one, is taken for HTML. */
    public static Kind kind(String field) {
        int end = field.indexOf(';');
        String type = Ascii.lower(Ascii.strip(end < 0 ? field : field.substring(0, end)));
        if (type.indexOf('/') < 0 || type.equals("application/xhtml+xml")) {
            return Kind.HTML;
        }
        if (type.equals("text/xml") || type.equals("application/xml") || type.endsWith("+xml")) {
            return Kind.XML;
        }
        return type.startsWith("text/") ? Kind.HTML : Kind.OTHER;
    }
}
