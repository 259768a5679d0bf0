package dev.thrum.http.client.url;

import dev.thrum.base.PercentEncoding;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/** The parser of hosts (WHATWG URL, 3.5). */
final class HostParser {
    /** What no host may have, besides control characters: the standard's forbidden domain code points. */
    private static final String FORBIDDEN = " #%/:<>?@[\\]^|\u007f";

    private HostParser() {}

    /**
     * A host as URLs are written with it.
     *
     * @param text not empty
     */
    static String parse(String text) {
        if (text.startsWith("[")) {
            if (!text.endsWith("]")) {
                throw UrlException.expected("an IPv6 address in brackets as the host", text);
            }
            return "[" + Ipv6Literal.parse(text.substring(1, text.length() - 1)) + "]";
        }
        String ascii = DomainName.toAscii(decoded(text));
        requireAllowed(ascii, text);
        if (ascii.isEmpty()) {
            throw UrlException.expected("a host with a visible character", text);
        }
        return Ipv4Literal.isMeant(ascii) ? Ipv4Literal.parse(ascii) : ascii;
    }

    private static String decoded(String text) {
        try {
            return PercentEncoding.decode(text);
        } catch (CharacterCodingException e) {
            UrlException malformed = UrlException.expected("a host whose percent-encoded bytes are UTF-8", text);
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static void requireAllowed(String name, String text) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < ' ' || FORBIDDEN.indexOf(name.charAt(i)) >= 0) {
                throw UrlException.expected(
                        "a host without spaces, control characters, or any of #%/:<>?@[\\]^|", text);
            }
        }
    }

    /** The address that a parsed host stands for by itself; empty for a name. */
    static Optional<InetAddress> address(String host) {
        if (host.startsWith("[")) {
            return Optional.of(InetAddress.ofLiteral(host.substring(1, host.length() - 1)));
        }
        return Ipv4Literal.isMeant(host) ? Optional.of(InetAddress.ofLiteral(host)) : Optional.empty();
    }
}
