package dev.thrum.http.syntax;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.base.PercentEncoding;
import java.net.InetAddress;

/** The syntax of host and port, in {@code Host} and in targets (RFC 9110, 7.2; RFC 3986, 3.2). */
public final class Authority {
    private static final int MOST_PORT_DIGITS = 5;
    private static final int HIGHEST_PORT = 65_535;

    private Authority() {}

    /** Whether it is a host that is not empty, optionally with a colon and a port; without user information. */
    public static boolean isValid(byte[] bytes, int start, int end) {
        int colon = start < end && bytes[start] == '['
                ? endOfLiteral(bytes, start, end)
                : Syntax.endOfHost(bytes, start, end);
        return colon > start
                && PercentEncoding.isWellFormed(bytes, start, colon)
                && (colon == end || (bytes[colon] == ':' && isPort(bytes, colon + 1, end)));
    }

    /** The index after the bracket that closes an IPv6 address, or -1 if it is malformed. */
    private static int endOfLiteral(byte[] bytes, int start, int end) {
        int at = start + 1;
        boolean colon = false;
        while (at < end && (Syntax.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
            colon |= bytes[at] == ':';
            at++;
        }
        return colon && at < end && bytes[at] == ']' && isAddress(bytes, start + 1, at) ? at + 1 : -1;
    }

    /** Whether these digits, colons and dots are an IPv6 address. */
    private static boolean isAddress(byte[] bytes, int start, int end) {
        try {
            InetAddress.ofLiteral(new String(bytes, start, end - start, US_ASCII));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isPort(byte[] bytes, int start, int end) {
        int port = 0;
        for (int i = start; i < end; i++) {
            if (!Syntax.isDigit(bytes[i]) || i - start == MOST_PORT_DIGITS) {
                return false;
            }
            port = port * 10 + bytes[i] - '0';
        }
        return port <= HIGHEST_PORT;
    }

    /** Whether a valid authority has a port that is not empty (RFC 9110, 9.3.6). */
    public static boolean hasPort(byte[] bytes, int start, int end) {
        int at = end;
        while (at > start && Syntax.isDigit(bytes[at - 1])) {
            at--;
        }
        return at < end && at > start && bytes[at - 1] == ':';
    }

    /** The host without its port, in lower case; an IPv6 address keeps its brackets. */
    public static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon >= 0 && authority.indexOf(']', colon) < 0;
        return (hasPort ? authority.substring(0, colon) : authority).toLowerCase(java.util.Locale.ROOT);
    }
}
