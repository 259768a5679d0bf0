package dev.thrum.testkit.web;

import java.util.Locale;

/** The ways to write a link that mean the same URL to a browser, or by RFC 3986. What a spelling can't express stays absolute. */
enum LinkSpelling {
    /** A path from the root. */
    ROOTED,
    /** A path from the page. */
    RELATIVE,
    ABSOLUTE,
    /** Without the scheme. */
    SCHEME_RELATIVE,
    /** With segments that cancel out. */
    DOT_SEGMENTS,
    /** To a place in the page. */
    FRAGMENT,
    /** With white space around it and a line end inside. */
    WHITE_SPACE,
    /** With entities for characters that need none. */
    ENTITY,
    UPPER_CASE_SCHEME,
    /** A host in upper case, or the parts of its address in hexadecimal. */
    ODD_HOST,
    /** A port with a zero in front. */
    ODD_PORT,
    /** A letter percent-encoded. */
    ENCODED_LETTER,
    BACKSLASHES,
    /** Characters outside of ASCII, not percent-encoded. */
    NOT_ASCII;

    private static final int SCHEME = "http:".length();
    private static final int ORIGIN = "http://".length();

    /**
     * The value of an href attribute, escaped for HTML.
     *
     * @param from the URL of the page
     * @param to the URL that is meant
     */
    String spell(String from, String to) {
        String origin = origin(to);
        String target = to.substring(origin.length());
        if (this == ENTITY) {
            return to.replace("&", "&amp;").replace("/", "&#x2F;").replace(":", "&colon;");
        }
        return escaped(
                switch (this) {
                    case SCHEME_RELATIVE -> to.substring(SCHEME);
                    case UPPER_CASE_SCHEME -> "HTTP" + to.substring(SCHEME - 1);
                    case ODD_HOST -> oddHost(origin) + target;
                    case ODD_PORT -> oddPort(origin) + target;
                    case FRAGMENT -> to + "#part";
                    case WHITE_SPACE ->
                        "\n  " + to.substring(0, origin.length() + 1) + "\n" + to.substring(origin.length() + 1)
                                + "\t ";
                    case DOT_SEGMENTS -> origin + "/up/./.." + target;
                    case ENCODED_LETTER -> origin + encodedLetter(target);
                    case BACKSLASHES -> origin + backslashes(target);
                    case NOT_ASCII -> to.replace("%C3%BC", "ü").replace("%C3%9F", "ß");
                    case ROOTED -> origin.equals(origin(from)) ? target : to;
                    case RELATIVE -> origin.equals(origin(from)) ? relative(from, target) : to;
                    case ABSOLUTE, ENTITY -> to;
                });
    }

    private static String origin(String url) {
        return url.substring(0, url.indexOf('/', ORIGIN));
    }

    private static String relative(String from, String target) {
        String path = path(from.substring(origin(from).length()));
        long up = path.chars().filter(c -> c == '/').count() - 1;
        return up == 0 ? "./" + target.substring(1) : "../".repeat((int) up) + target.substring(1);
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String oddHost(String origin) {
        String host = origin.substring(ORIGIN);
        if (!Character.isDigit(host.charAt(0))) {
            return "http://" + host.toUpperCase(Locale.ROOT);
        }
        return "http://0X7F" + host.substring(host.indexOf('.'));
    }

    private static String oddPort(String origin) {
        int colon = origin.indexOf(':', ORIGIN);
        return colon < 0 ? origin + ":080" : origin.substring(0, colon + 1) + "0" + origin.substring(colon + 1);
    }

    private static String encodedLetter(String target) {
        for (int at = 1; at < path(target).length(); at++) {
            char c = target.charAt(at);
            if (c >= 'g' && c <= 'z') {
                return target.substring(0, at) + "%" + Integer.toHexString(c) + target.substring(at + 1);
            }
        }
        return target;
    }

    private static String backslashes(String target) {
        String path = path(target);
        return path.replace('/', '\\') + target.substring(path.length());
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("\"", "&quot;");
    }
}
