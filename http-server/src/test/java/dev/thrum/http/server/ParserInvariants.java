package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Target;
import dev.thrum.http.server.ReadMessages.Message;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Invariants of the parsers that hold for any input. Owned by one thread. */
final class ParserInvariants {
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("203.0.113.7");
    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.0/8", "::1"));

    private final Fed fed = new Fed();

    /**
     * Bytes as requests: accepted or refused, within the limits, the same however they are cut, and the same if written
     * and read again.
     */
    void requests(byte[] bytes) {
        ReadMessages whole = ReadMessages.from(fed, FedWire.of(bytes));
        assertThat(ReadMessages.from(fed, FedWire.of(bytes).inFragments(1))).isEqualTo(whole);
        int cut = bytes.length == 0 ? 0 : Math.floorMod(Arrays.hashCode(bytes), bytes.length);
        assertThat(ReadMessages.from(fed, FedWire.of(bytes).cutAt(cut))).isEqualTo(whole);
        StringBuilder again = new StringBuilder();
        for (Message message : whole.messages()) {
            requireWithinLimits(message);
            again.append(message.written());
        }
        assertThat(ReadMessages.from(fed, FedWire.of(again.toString())))
                .isEqualTo(new ReadMessages(whole.messages(), 0));
    }

    private static void requireWithinLimits(Message message) {
        assertThat(message.body().length()).isLessThanOrEqualTo((int) ReadMessages.LIMITS.body());
        for (Headers headers : List.of(message.headers(), message.trailers())) {
            assertThat(headers.size()).isLessThanOrEqualTo(ReadMessages.LIMITS.fields());
            assertThat(headers.toString().length())
                    .isLessThanOrEqualTo(ReadMessages.LIMITS.fieldBytes() + 2 * ReadMessages.LIMITS.fields());
            headers.forEach(field -> {
                assertThat(field.name()).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
                assertThat(field.value()).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]|^[ \\t]|[ \\t]$");
            });
        }
    }

    /** Bytes as a chunked body, and the bytes after it. */
    void chunks(byte[] bytes) {
        byte[] head = CHUNKED.getBytes(ISO_8859_1);
        byte[] all = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        requests(all);
    }

    /** Bytes as a target: an accepted target has no character that could end it, and is decoded as the JDK does. */
    void target(byte[] bytes) {
        for (String method : List.of("GET", "OPTIONS", "CONNECT")) {
            accepted(method, bytes).ifPresent(target -> {
                String text = new String(bytes, ISO_8859_1);
                assertThat(text).matches("[!-~]+");
                assertThat(target.path()).matches(method.equals("CONNECT") ? "" : "\\*|/[^?#\\\\]*");
                decode(target);
            });
        }
    }

    private static Optional<Target> accepted(String method, byte[] bytes) {
        try {
            return Optional.of(Target.parse(method, bytes, 0, bytes.length));
        } catch (HttpException e) {
            assertThat(e.status()).isEqualTo(400);
            return Optional.empty();
        }
    }

    /** Decodes as the JDK does, except for a percent sign that doesn't begin an encoded byte, which the JDK refuses. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replaceAll("%(?![0-9A-Fa-f]{2})", "%25"), StandardCharsets.UTF_8);
    }

    private static void decode(Target target) {
        String query = target.query();
        try {
            assertThat(Target.decode(target.path()).replace("+", "%2B"))
                    .isEqualTo(URLDecoder.decode(target.path().replace("+", "%2B"), StandardCharsets.UTF_8)
                            .replace("+", "%2B"));
            target.parameters()
                    .forEach((name, values) -> values.forEach(value -> {
                        assertThat(query).isNotNull();
                        assertThat(String.valueOf(query).split("&", -1)).anySatisfy(pair -> {
                            String[] parts = pair.split("=", 2);
                            assertThat(decoded(parts[0])).isEqualTo(name);
                            assertThat(parts.length < 2 ? "" : decoded(parts[1]))
                                    .isEqualTo(value);
                        });
                    }));
        } catch (HttpException e) {
            assertThat(e.status()).isEqualTo(400);
        }
    }

    /**
     * Bytes as a client's forwarding fields: the client can't claim an address other than the one that the trusted
     * proxy saw.
     */
    void forwarded(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        for (String name : List.of("X-Forwarded-For", "Forwarded")) {
            String seen = (name.equals("Forwarded") ? "for=" : "") + CLIENT.getHostAddress();
            Headers headers;
            Headers appended;
            try {
                headers = Headers.of(name, text);
                appended = Headers.of(name, text + ", " + seen);
            } catch (IllegalArgumentException e) {
                continue;
            }
            assertThat(PROXIES.client(CLIENT, headers)).isEqualTo(CLIENT);
            assertThat(PROXIES.client(PROXY, headers)).isNotNull();
            assertThat(PROXIES.client(PROXY, appended)).isEqualTo(CLIENT);
            assertThat(PROXIES.client(PROXY, headers.and(name, seen))).isEqualTo(CLIENT);
        }
    }

    /**
     * Bytes as a name and a value, split at the first colon: refused, or written and read again as one field with this
     * name and value.
     */
    void headers(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        int colon = Math.max(0, text.indexOf(':'));
        String name = text.substring(0, colon);
        String value = text.substring(Math.min(text.length(), colon + 1));
        Headers headers;
        try {
            headers = Headers.of("Host", "a").and(name, value);
        } catch (IllegalArgumentException e) {
            assertThat(name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") && value.matches("[\\t -~\\x80-\\xff]*"))
                    .as("refused for a reason: %s", e.getMessage())
                    .isFalse();
            return;
        }
        List<Headers.Field> expected = List.of(
                new Headers.Field("Host", "a"), new Headers.Field(name, value.replaceAll("\\A[ \\t]+|[ \\t]+\\z", "")));
        assertThat(headers).containsExactlyElementsOf(expected);
        Message message = new Message("GET", new Target("/", null, null), true, headers, "", Headers.none());
        ReadMessages read = ReadMessages.from(fed, FedWire.of(message.written()));
        if (read.error() == 0) {
            assertThat(read.messages().getFirst().headers()).containsExactlyElementsOf(expected);
            assertThat(headers.with(name, "x").all(name)).containsExactly("x");
            assertThat(headers.without(name).contains(name)).isFalse();
        }
    }
}
