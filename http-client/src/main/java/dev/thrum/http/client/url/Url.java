package dev.thrum.http.client.url;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An http or https URL as browsers read it: parsed, resolved and written by the <a
 * href="https://url.spec.whatwg.org/">URL standard of the WHATWG</a>. Immutable.
 *
 * <p>Links of real pages have spaces, line ends, backslashes, characters outside of ASCII and lone percent signs, which {@link
 * java.net.URI} refuses. Here they mean what they mean in a browser: {@code parse(" HTTP:\\EXAMPLE.org\a b")} is {@code
 * http://example.org/a%20b}. Two texts that name the same thing in the same way are equal as URLs: the host is in lower case
 * and in ASCII, an IPv4 address has four decimal numbers ({@code 0x7f.1} is {@code 127.0.0.1}), dot segments are resolved, and
 * the default port is left out. Percent-encoded characters stay as they are.
 *
 * <p>A URL differs from the standard's in what is refused besides: other schemes than http and https, texts and URLs above
 * {@value #MAX_LENGTH} characters, and names outside of ASCII that DNS can't have (above 1,000 characters, with a label above 63
 * characters in ASCII, or with one of which nothing is visible).
 */
public final class Url implements Serializable {
    private static final long serialVersionUID = 1;

    /** The greatest length of a text that is parsed, and of a URL that comes of it, in characters. */
    public static final int MAX_LENGTH = 65_536;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final String scheme;
    private final transient Authority authority;
    private final String path;
    private final @Nullable String query;
    private final @Nullable String fragment;
    private final String href;

    /**
     * A URL of parts that are valid and encoded.
     *
     * @throws UrlException if it is too long
     */
    Url(String scheme, Authority authority, String path, @Nullable String query, @Nullable String fragment) {
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.query = query;
        this.fragment = fragment;
        this.href = scheme + "://" + authority.userInfo() + authority.hostAndPort() + requestTarget()
                + (fragment == null ? "" : "#" + fragment);
        if (href.length() > MAX_LENGTH) {
            throw new UrlException("expected a URL of at most " + MAX_LENGTH + " characters when it is encoded but was "
                    + href.length());
        }
    }

    /**
     * The URL that a text stands for by itself.
     *
     * @throws UrlException if it is none for http or https, or is relative
     */
    public static Url parse(String text) {
        return UrlParser.parse(text, null, QueryEncoder.UTF_8);
    }

    /**
     * The URL that a link stands for on the page with this URL, or a {@code Location} in the response to it.
     *
     * @param link relative or absolute
     * @throws UrlException if it is none for http or https
     */
    public Url resolve(String link) {
        return resolve(link, QueryEncoder.UTF_8);
    }

    /**
     * The URL that a link stands for on the page with this URL, which is in another encoding than UTF-8: browsers
     * encode the query of a link in the encoding of its page, and everything else in UTF-8.
     *
     * @param link relative or absolute
     * @param encoder the encoder of the page's encoding; {@link QueryEncoder#UTF_8} for pages in UTF-16, and for
     *     redirects
     * @throws UrlException if it is none for http or https
     */
    public Url resolve(String link, QueryEncoder encoder) {
        return UrlParser.parse(link, this, encoder);
    }

    /** The port of a scheme if the URL names none. */
    static int defaultPort(String scheme) {
        return scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
    }

    Authority authority() {
        return authority;
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return scheme;
    }

    /** Whether the scheme is https. */
    public boolean isHttps() {
        return scheme.equals("https");
    }

    /** The name of the user, percent-encoded; empty if there is none. */
    public String username() {
        return authority.username();
    }

    /** The password, percent-encoded; empty if there is none. */
    public String password() {
        return authority.password();
    }

    /** The host: a name in ASCII and lower case, an IPv4 address of four decimal numbers, or an IPv6 address in brackets. */
    public String host() {
        return authority.host();
    }

    /** The address if the host is a literal one; empty if it is a name. Nothing is looked up. */
    public Optional<InetAddress> address() {
        return HostParser.address(host());
    }

    /** The port to connect to: the one that the URL names, or 80 for http and 443 for https. */
    public int port() {
        return authority.port() == Authority.DEFAULT_PORT ? defaultPort(scheme) : authority.port();
    }

    /** The host, and the port unless it is the scheme's own: the value of the field {@code Host}. */
    public String hostAndPort() {
        return authority.hostAndPort();
    }

    /** The path, percent-encoded; it begins with a slash. */
    public String path() {
        return path;
    }

    /** The query without its question mark, percent-encoded; it may be empty. */
    public Optional<String> query() {
        return Optional.ofNullable(query);
    }

    /** The fragment without its number sign, percent-encoded; it may be empty. */
    public Optional<String> fragment() {
        return Optional.ofNullable(fragment);
    }

    /** Path and query: the target of a request in origin form (RFC 9112, 3.2.1). */
    public String requestTarget() {
        return query == null ? path : path + "?" + query;
    }

    /** Scheme, host and port: {@code https://example.org}, {@code http://[::1]:8080}. */
    public String origin() {
        return scheme + "://" + authority.hostAndPort();
    }

    /** Whether scheme, host and port are the same. */
    public boolean hasOriginOf(Url other) {
        return origin().equals(other.origin());
    }

    /** This URL without its fragment, which is never sent. */
    public Url withoutFragment() {
        return fragment == null ? this : new Url(scheme, authority, path, query, null);
    }

    /** This URL without user information. */
    public Url withoutUserInfo() {
        return authority.userInfo().isEmpty()
                ? this
                : new Url(scheme, new Authority("", "", authority.host(), authority.port()), path, query, fragment);
    }

    /** The whole URL, with user information if it has any; parsing it gives an equal URL. */
    public String href() {
        return href;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Url url && href.equals(url.href);
    }

    @Override
    public int hashCode() {
        return href.hashCode();
    }

    /** A URL is serialized as its text, and parsed when it is read. */
    private Object writeReplace() {
        return new Written(href);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("expected the text of a URL but was its parts");
    }

    /** What is serialized. */
    private record Written(String href) implements Serializable {
        private Object readResolve() {
            return parse(href);
        }
    }

    /** The URL without user information, which may be a password. */
    @Override
    public String toString() {
        return withoutUserInfo().href;
    }
}
