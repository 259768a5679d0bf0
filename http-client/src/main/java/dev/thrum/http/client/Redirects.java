package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Follows redirects as browsers do (RFC 9110, 15.4; Fetch, 4.4): the statuses 301, 302, 303, 307 and 308 with a {@code
 * Location}. Immutable, and safe for concurrent use if its scope is.
 *
 * <p>303 becomes GET, and so does a POST with 301 or 302; the body and the fields that describe it are left out then.
 * Other requests stay what they are. {@code Authorization}, {@code Proxy-Authorization} and {@code Cookie} are not sent
 * to another origin, nor back to the first one from there. The engine applies its address rule to each connection.
 */
public final class Redirects {
    private static final int MOST = 20;
    private static final List<String> SECRETS = List.of("Authorization", "Proxy-Authorization", "Cookie");
    private static final List<String> OF_BODY =
            List.of("Content-Type", "Content-Encoding", "Content-Language", "Content-Location");

    private final Predicate<Url> scope;
    private final int most;

    private Redirects(Predicate<Url> scope, int most) {
        this.scope = scope;
        this.most = most;
    }

    /**
     * Follows at most 20 redirects, to URLs that pass this test.
     *
     * @param scope is asked before each request, about the first one too
     */
    public static Redirects within(Predicate<Url> scope) {
        return new Redirects(scope, MOST);
    }

    /** With another maximum number of redirects, from 0 to 20: 0 makes every redirect an error. */
    public Redirects upTo(int value) {
        if (value < 0 || value > MOST) {
            throw new IllegalArgumentException(
                    "expected a number of redirects from 0 to " + MOST + " but was " + value);
        }
        return new Redirects(scope, value);
    }

    /**
     * A request and what came of it.
     *
     * @param status of a redirect
     */
    public record Hop(Url url, int status) {
        @Override
        public String toString() {
            return url + " (" + status + ")";
        }
    }

    /**
     * The response that is not a redirect, to be closed by the caller.
     *
     * @param url that it came from; with the fragment of an earlier one if it has none itself
     * @param hops the redirects before it, in their order
     */
    public record Outcome(ClientResponse response, Url url, List<Hop> hops) {}

    /**
     * Sends a request, and follows redirects up to a response that is none. The deadline of the request holds for all
     * together.
     *
     * @throws RedirectException if a redirect must not or can't be followed: there are too many, it leads out of the
     *     scope or back to an earlier request, it names something other than an http or https URL, or the body of the
     *     request is a stream and would have to be sent again
     * @throws dev.thrum.engine.AddressRefusedException if the address rule refuses an address
     * @throws IOException as {@link HttpClient#send}
     */
    public Outcome send(HttpClient client, ClientRequest first) throws IOException {
        return send(_ -> client, first);
    }

    /**
     * The same with a client for each URL. So another address rule can hold for where a redirect leads than for the first
     * URL; and because each client keeps its own connections, none is reused that its rule would refuse.
     *
     * @param clients with clocks of the same origin; asked before each request
     * @throws IOException as {@link #send(HttpClient, ClientRequest)}
     */
    public Outcome send(Function<Url, HttpClient> clients, ClientRequest first) throws IOException {
        Url url = first.url();
        HttpClient client = clients.apply(url);
        Duration total = client.totalOf(first);
        long begun = client.clock().nanoTime();
        List<Hop> hops = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        ClientRequest request = first;
        while (true) {
            if (!scope.test(url)) {
                throw new RedirectException("expected a URL in the scope but was " + url, hops);
            }
            if (!seen.add(request.method() + " " + url.withoutFragment().href())) {
                throw new RedirectException(
                        "expected an end of the redirects but they are a loop, back to " + url, hops);
            }
            Duration left = total.minusNanos(client.clock().nanoTime() - begun);
            if (!left.isPositive()) {
                throw new DeadlineException(DeadlineException.Kind.READ, total);
            }
            ClientResponse response = client.send(request.withDeadline(left));
            Optional<String> location = location(response.status(), response.headers());
            if (location.isEmpty()) {
                return new Outcome(response, url, List.copyOf(hops));
            }
            response.close();
            hops.add(new Hop(url, response.status()));
            if (hops.size() > most) {
                throw new RedirectException("expected at most " + most + " redirects but there are more", hops);
            }
            Url next = next(url, location.get(), hops);
            request = request(request, response.status(), url, next, hops);
            url = next;
            client = clients.apply(url);
        }
    }

    /** Where a response with this status and these fields redirects to, as written; empty if it is no redirect. */
    public static Optional<String> location(int status, Headers headers) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> headers.first("Location");
            default -> Optional.empty();
        };
    }

    private static Url next(Url url, String location, List<Hop> hops) throws IOException {
        try {
            Url next = resolve(url, location);
            Optional<String> fragment = url.fragment();
            return next.fragment().isEmpty() && fragment.isPresent() ? next.resolve("#" + fragment.get()) : next;
        } catch (UrlException e) {
            throw new RedirectException("expected a URL to redirect to: " + e.getMessage(), hops);
        }
    }

    /**
     * The URL that a {@code Location} stands for in the response to a request for this URL, as browsers take it.
     *
     * @throws UrlException if it is none for http or https
     */
    public static Url resolve(Url url, String location) {
        return url.resolve(decoded(location));
    }

    /** Bytes outside of ASCII are UTF-8, as browsers take them; if they are not, each is percent-encoded. */
    private static String decoded(String location) {
        byte[] bytes = location.getBytes(ISO_8859_1);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            StringBuilder encoded = new StringBuilder();
            for (byte b : bytes) {
                encoded.append(b < 0 ? String.format("%%%02X", b) : Character.toString(b));
            }
            return encoded.toString();
        }
    }

    private static ClientRequest request(ClientRequest request, int status, Url url, Url next, List<Hop> hops)
            throws IOException {
        String method = request.method();
        boolean asGet = switch (status) {
            case 301, 302 -> method.equals("POST");
            case 303 -> !method.equals("GET") && !method.equals("HEAD");
            default -> false;
        };
        if (!asGet && !request.isRepeatable()) {
            throw new RedirectException(
                    "expected a body that can be sent again for the status " + status + " but it is a stream: give the"
                            + " request its bytes",
                    hops);
        }
        List<String> without = new ArrayList<>();
        if (asGet) {
            without.addAll(OF_BODY);
        }
        if (!url.hasOriginOf(next)) {
            without.addAll(SECRETS);
        }
        try {
            return request.redirected(next, asGet, without);
        } catch (IllegalArgumentException e) {
            throw new RedirectException("expected a URL to redirect to: " + e.getMessage(), hops);
        }
    }
}
