package dev.thrum.http.client.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parser of the standard (WHATWG URL, 4.4) for http and https. For these schemes its states come one after the other, so
 * they are methods here: scheme, slashes, authority, path, query, fragment.
 */
final class UrlParser {
    private static final int MAX_PORT = 65_535;
    private static final char REPLACEMENT = '\ufffd';
    private static final char[] ENDS_OF_AUTHORITY = {'/', '\\', '?', '#'};

    private UrlParser() {}

    static Url parse(String input, @Nullable Url base, QueryEncoder encoder) {
        if (input.length() > Url.MAX_LENGTH) {
            throw new UrlException(
                    "expected a URL of at most " + Url.MAX_LENGTH + " characters but was " + input.length());
        }
        String text = cleaned(input);
        int colon = schemeEnd(text);
        if (colon < 0) {
            if (base == null) {
                throw UrlException.expected("a URL that begins with http:// or https://", withoutUserInfo(text));
            }
            return relative(text, base, encoder);
        }
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw UrlException.expected("the scheme http or https", scheme);
        }
        String rest = text.substring(colon + 1);
        return base != null && base.scheme().equals(scheme)
                ? relative(rest, base, encoder)
                : absolute(scheme, rest, encoder);
    }

    /** The text without control characters and spaces around it, and without tabs and line ends in it. */
    private static String cleaned(String input) {
        return isClean(input) ? input : withoutControls(input);
    }

    /** Whether it has only what nearly all URLs have: visible characters of ASCII. */
    private static boolean isClean(String input) {
        for (int i = 0; i < input.length(); i++) {
            if (input.charAt(i) <= ' ' || input.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String withoutControls(String input) {
        int start = 0;
        int end = input.length();
        while (start < end && input.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && input.charAt(end - 1) <= ' ') {
            end--;
        }
        StringBuilder text = new StringBuilder(end - start);
        input.substring(start, end)
                .codePoints()
                .filter(c -> c != '\t' && c != '\n' && c != '\r')
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    /** What may be shown of a text that is not understood: nothing before an at sign, which may follow a password. */
    private static String withoutUserInfo(String text) {
        return text.substring(text.lastIndexOf('@') + 1);
    }

    /** The index of the colon after a scheme; -1 if the text doesn't begin with one. */
    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i == 0 ? -1 : i;
            }
            boolean fits = isAsciiLetter(c) || (i > 0 && (isDigit(c) || "+-.".indexOf(c) >= 0));
            if (!fits) {
                return -1;
            }
        }
        return -1;
    }

    /** A link without a scheme, or with the scheme of its base: {@code http:page} is relative to an http URL. */
    private static Url relative(String text, Url base, QueryEncoder encoder) {
        if (text.length() > 1 && isSlash(text.charAt(0)) && isSlash(text.charAt(1))) {
            return absolute(base.scheme(), text, encoder);
        }
        Tail tail = Tail.of(text, encoder);
        if (!tail.path.isEmpty()) {
            List<String> start = isSlash(tail.path.charAt(0)) ? List.of() : folder(base.path());
            return tail.on(base.scheme(), base.authority(), start);
        }
        String query = tail.query == null ? base.query().orElse(null) : tail.query;
        return new Url(base.scheme(), base.authority(), base.path(), query, tail.fragment);
    }

    /** What follows the scheme of an absolute URL; any number of slashes, or none, may be before the authority. */
    private static Url absolute(String scheme, String text, QueryEncoder encoder) {
        int start = 0;
        while (start < text.length() && isSlash(text.charAt(start))) {
            start++;
        }
        int end = text.length();
        for (char c : ENDS_OF_AUTHORITY) {
            int found = text.indexOf(c, start);
            end = found < 0 ? end : Math.min(end, found);
        }
        Authority authority = authority(scheme, text.substring(start, end));
        return Tail.of(text.substring(end), encoder).on(scheme, authority, List.of());
    }

    private static Authority authority(String scheme, String text) {
        int at = text.lastIndexOf('@');
        String userInfo = text.substring(0, Math.max(at, 0));
        int colon = userInfo.indexOf(':');
        String username = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        String hostAndPort = text.substring(at + 1);
        int hostEnd = hostEnd(hostAndPort);
        String host = hostAndPort.substring(0, hostEnd);
        if (host.isEmpty()) {
            throw UrlException.expected("a host after " + scheme + "://", hostAndPort);
        }
        int port = hostEnd == hostAndPort.length()
                ? Authority.DEFAULT_PORT
                : port(scheme, hostAndPort.substring(hostEnd + 1));
        return new Authority(
                PercentEncodeSet.USER_INFO.encode(username),
                PercentEncodeSet.USER_INFO.encode(password),
                HostParser.parse(host),
                port);
    }

    /** The index of the colon before the port, which is not in brackets; the length if there is none. */
    private static int hostEnd(String text) {
        if (text.indexOf('[') < 0) {
            int colon = text.indexOf(':');
            return colon < 0 ? text.length() : colon;
        }
        boolean inBrackets = false;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '[' -> inBrackets = true;
                case ']' -> inBrackets = false;
                case ':' -> {
                    if (!inBrackets) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return text.length();
    }

    /** A port with any number of leading zeros; none after the colon is the scheme's own. */
    private static int port(String scheme, String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            port = 10 * port + (c - '0');
            if (!isDigit(c) || port > MAX_PORT) {
                throw UrlException.expected("a port from 0 to " + MAX_PORT, text);
            }
        }
        return text.isEmpty() || port == Url.defaultPort(scheme) ? Authority.DEFAULT_PORT : port;
    }

    /** The segments of a path without the last one, which a relative link replaces. */
    private static List<String> folder(String path) {
        List<String> segments = List.of(path.substring(1).split("/", -1));
        return segments.subList(0, segments.size() - 1);
    }

    /** The segments of a path after others; dot segments are resolved. */
    private static String path(List<String> start, String text) {
        List<String> segments = new ArrayList<>(start);
        int from = !text.isEmpty() && isSlash(text.charAt(0)) ? 1 : 0;
        for (int end = from; end <= text.length(); end++) {
            boolean isLast = end == text.length();
            if (!isLast && !isSlash(text.charAt(end))) {
                continue;
            }
            String segment = text.substring(from, end);
            boolean mayBeDots = segment.indexOf('%') >= 0 && segment.length() <= "%2e%2e".length();
            String dots = mayBeDots ? segment.replaceAll("%2[eE]", ".") : segment;
            if (dots.equals("..") && !segments.isEmpty()) {
                segments.removeLast();
            }
            if (!dots.equals("..") && !dots.equals(".")) {
                segments.add(PercentEncodeSet.PATH.encode(segment));
            } else if (isLast) {
                segments.add("");
            }
            from = end + 1;
        }
        return "/" + String.join("/", segments);
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /**
     * What follows the authority.
     *
     * @param path as it was written
     * @param query encoded
     * @param fragment encoded
     */
    private record Tail(
            String path, @Nullable String query, @Nullable String fragment) {
        static Tail of(String text, QueryEncoder encoder) {
            int hash = text.indexOf('#');
            String beforeHash = hash < 0 ? text : text.substring(0, hash);
            int mark = beforeHash.indexOf('?');
            return new Tail(
                    mark < 0 ? beforeHash : beforeHash.substring(0, mark),
                    mark < 0 ? null : PercentEncodeSet.QUERY.encode(beforeHash.substring(mark + 1), encoder),
                    hash < 0 ? null : PercentEncodeSet.FRAGMENT.encode(text.substring(hash + 1)));
        }

        Url on(String scheme, Authority authority, List<String> start) {
            return new Url(scheme, authority, UrlParser.path(start, path), query, fragment);
        }
    }
}
