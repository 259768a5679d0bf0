package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.base.PercentEncoding;
import dev.thrum.http.syntax.Authority;
import dev.thrum.http.syntax.Syntax;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request (RFC 9112, section 3.2), after its syntax was checked. Immutable.
 *
 * @param path as sent, percent-encoded; {@code *} for {@code OPTIONS *}, empty for the authority form of CONNECT
 * @param query as sent, without the question mark; null if there is none
 * @param authority host and port, if the target is in absolute or authority form; else null
 */
public record Target(
        String path, @Nullable String query, @Nullable String authority) {
    private static final String SECURE = "https://";
    private static final Target ASTERISK = new Target("*", null, null);

    /**
     * Parses a request target. The bytes are copied.
     *
     * @param end the index after the last byte of the target
     * @throws HttpException 400 if it is malformed, or has a form that the method does not allow
     */
    public static Target parse(String method, byte[] bytes, int start, int end) {
        if (start == end) {
            throw malformed("expected a target after the method");
        }
        if (method.equals("CONNECT")) {
            String authority = new String(bytes, start, end - start, ISO_8859_1);
            if (!Authority.isValid(bytes, start, end) || !Authority.hasPort(bytes, start, end)) {
                throw malformed("expected host:port for CONNECT");
            }
            return new Target("", null, authority);
        }
        if (bytes[start] == '/') {
            return origin(bytes, start, end, null);
        }
        if (bytes[start] == '*' && end - start == 1) {
            if (!method.equals("OPTIONS")) {
                throw malformed("expected * with OPTIONS only");
            }
            return ASTERISK;
        }
        return absolute(bytes, start, end);
    }

    private static Target origin(byte[] bytes, int start, int end, @Nullable String authority) {
        int mark = Syntax.endOfPath(bytes, start, end);
        boolean hasQuery = mark < end && bytes[mark] == '?';
        if ((mark < end && !hasQuery) || (hasQuery && Syntax.endOfQuery(bytes, mark + 1, end) < end)) {
            throw malformed("expected a character that is not allowed in it to be percent-encoded");
        }
        if (!PercentEncoding.isWellFormed(bytes, start, mark)) {
            throw malformed("expected two hexadecimal digits after each % of its path");
        }
        String path = mark == start ? "/" : new String(bytes, start, mark - start, ISO_8859_1);
        String query = hasQuery ? new String(bytes, mark + 1, end - mark - 1, ISO_8859_1) : null;
        return new Target(path, query, authority);
    }

    private static Target absolute(byte[] bytes, int start, int end) {
        int scheme = schemeLength(bytes, start, end);
        if (scheme == 0) {
            throw malformed("expected a path, or http://host/path");
        }
        int from = start + scheme;
        int to = from;
        while (to < end && bytes[to] != '/' && bytes[to] != '?') {
            to++;
        }
        if (from == to || !Authority.isValid(bytes, from, to)) {
            throw malformed("expected a host after the scheme");
        }
        return origin(bytes, to, end, new String(bytes, from, to - from, ISO_8859_1));
    }

    private static int schemeLength(byte[] bytes, int start, int end) {
        for (String scheme : List.of("http://", SECURE)) {
            int length = scheme.length();
            if (end - start > length && Syntax.equalsIgnoringCase(bytes, start, start + length, scheme)) {
                return length;
            }
        }
        return 0;
    }

    private static HttpException malformed(String what) {
        return HttpException.of(400, "Malformed request target: " + what);
    }

    /** Whether a target in absolute form has the scheme {@code https}. */
    public static boolean isSecure(byte[] bytes, int start, int end) {
        int length = SECURE.length();
        return end - start > length && Syntax.equalsIgnoringCase(bytes, start, start + length, SECURE);
    }

    /**
     * Decodes the parameters of the query. Names are in the order of their first occurrence, the values of a name in
     * the order of the query. A parameter without an equals sign has the empty string as its value; a plus sign is a
     * space. Each call decodes again.
     *
     * @throws HttpException 400 if a percent-encoded part is not UTF-8
     */
    public Map<String, List<String>> parameters() {
        if (query == null || query.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!pair.isEmpty()) {
                all.computeIfAbsent(decode(name.replace('+', ' ')), _ -> new ArrayList<>(1))
                        .add(decode(value.replace('+', ' ')));
            }
        }
        return all;
    }

    /**
     * Decodes percent-encoded UTF-8, once. A percent sign that is not followed by two hexadecimal digits is kept.
     *
     * @throws HttpException 400 if a percent-encoded part is not UTF-8
     */
    public static String decode(String text) {
        try {
            return PercentEncoding.decode(text);
        } catch (CharacterCodingException e) {
            throw malformed("expected percent-encoded UTF-8");
        }
    }
}
