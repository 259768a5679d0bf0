package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.client.url.Url;
import dev.thrum.http.syntax.Authority;
import java.net.URI;
import java.util.Locale;

/**
 * The scheme, host and port that a request is sent to (RFC 9110, 4.3.1); the key of kept connections.
 *
 * @param secure whether the scheme is https
 * @param host in lower case; an IPv6 address in its brackets
 */
record Origin(boolean secure, String host, int port) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /**
     * The origin of a URI.
     *
     * @throws IllegalArgumentException if it is not an http or https URI with a valid host
     */
    static Origin of(URI uri) {
        boolean secure = isSecure(uri);
        String authority = uri.getRawAuthority();
        if (authority == null || authority.isEmpty()) {
            throw new IllegalArgumentException("expected a URI with a host but was " + uri);
        }
        if (authority.indexOf('@') >= 0) {
            // RFC 9110, 4.2.4. It may be a password, so it is not shown.
            throw new IllegalArgumentException(
                    "expected a URI without user information before its host: send it in the field Authorization");
        }
        byte[] bytes = authority.getBytes(ISO_8859_1);
        if (!Authority.isValid(bytes, 0, bytes.length) || authority.indexOf('%') >= 0) {
            throw new IllegalArgumentException("expected a host in ASCII, and perhaps a port, but was " + authority);
        }
        String host = Authority.host(authority);
        return new Origin(secure, host, port(authority.substring(host.length()), secure));
    }

    /**
     * The origin of a URL.
     *
     * @throws IllegalArgumentException if its port is 0
     */
    static Origin of(Url url) {
        return new Origin(url.isHttps(), url.host(), requirePort(url.port()));
    }

    private static boolean isSecure(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "http" -> false;
            case "https" -> true;
            default ->
                throw new IllegalArgumentException(
                        "expected a URI that begins with http:// or https:// but was " + withoutUser(uri));
        };
    }

    private static String withoutUser(URI uri) {
        return uri.toString().replaceFirst("//[^/?#]*@", "//");
    }

    /** The port of a colon and digits, of which each may be missing (RFC 3986, 3.2.3). */
    private static int port(String text, boolean secure) {
        if (text.length() <= 1) {
            return secure ? HTTPS_PORT : HTTP_PORT;
        }
        return requirePort(Integer.parseInt(text, 1, text.length(), 10));
    }

    private static int requirePort(int port) {
        if (port == 0) {
            throw new IllegalArgumentException("expected a port from 1 to 65535 but was 0");
        }
        return port;
    }

    /** The value of the field {@code Host}. */
    String authority() {
        return port == (secure ? HTTPS_PORT : HTTP_PORT) ? host : host + ":" + port;
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority();
    }
}
