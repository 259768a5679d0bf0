package dev.thrum.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.http.Headers;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final TrustedProxies OURS = TrustedProxies.of(List.of("10.0.0.0/8", "2001:db8::/32", "::1"));

    private static String client(String peer, String name, String... values) {
        Headers.Builder headers = Headers.builder();
        for (String value : values) {
            headers.add(name, value);
        }
        return OURS.client(InetAddress.ofLiteral(peer), headers.build()).getHostAddress();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/9, 10.127.255.255, true",
        "10.0.0.0/9, 10.128.0.0, false",
        "10.1.2.3/16, 10.1.255.0, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1/31, 192.0.2.0, true",
        "0.0.0.0/0, 203.0.113.7, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::1/128, ::2, false"
    })
    void fieldsOfAPeer_areTrusted_whenItsNetworkIs(String network, String peer, boolean trusted) {
        InetAddress client = TrustedProxies.of(List.of(network))
                .client(InetAddress.ofLiteral(peer), Headers.of("X-Forwarded-For", "203.0.113.99"));
        assertThat(client.getHostAddress().equals("203.0.113.99")).isEqualTo(trusted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "a",
                "a/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8",
                "::/129",
                "10.0.0.0.0",
                "10.0.0.256",
                "localhost",
                "10/8",
                "10.0/16",
                "167772161",
                "10.0.0.0/1000"
            })
    void network_isRefused_whenItIsInvalid(String network) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustedProxies.of(List.of(network)))
                .withMessageStartingWith("expected a network such as ");
    }

    @Test
    void fields_areIgnored_whenThePeerIsNotATrustedProxy() {
        assertThat(client("203.0.113.7", "X-Forwarded-For", "192.0.2.1")).isEqualTo("203.0.113.7");
        assertThat(client("203.0.113.7", "Forwarded", "for=192.0.2.1")).isEqualTo("203.0.113.7");
        assertThat(TrustedProxies.none()
                        .client(InetAddress.ofLiteral("10.0.0.1"), Headers.of("X-Forwarded-For", "192.0.2.1"))
                        .getHostAddress())
                .isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "192.0.2.1|192.0.2.1",
                "192.0.2.1, 10.0.0.2|192.0.2.1",
                "6.6.6.6, 192.0.2.1, 10.0.0.2|192.0.2.1",
                "6.6.6.6, 10.6.6.6, 192.0.2.1|192.0.2.1",
                "192.0.2.1:1234|192.0.2.1",
                "[2001:db9::1]:80|2001:db9:0:0:0:0:0:1",
                "2001:db9::1|2001:db9:0:0:0:0:0:1",
                "192.0.2.1, unknown, 10.0.0.2|10.0.0.2",
                "192.0.2.1, , 10.0.0.2|192.0.2.1",
                "10.0.0.3, 10.0.0.2|10.0.0.3",
                "example.com|10.0.0.1",
                "192.0.2|10.0.0.1",
                "''|10.0.0.1"
            })
    void client_isTheLastThatIsNotATrustedProxy_inForwardedFor(String value, String expected) {
        assertThat(client("10.0.0.1", "X-Forwarded-For", value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=192.0.2.1|192.0.2.1",
                "For=\"192.0.2.1:80\";proto=http;by=10.0.0.1|192.0.2.1",
                "proto=https; for=\"[2001:db9::1]:4711\"|2001:db9:0:0:0:0:0:1",
                "for=6.6.6.6, for=192.0.2.1, for=10.0.0.2|192.0.2.1",
                "for=192.0.2.1, for=_hidden, for=10.0.0.2|10.0.0.2",
                "for=192.0.2.1, proto=http|10.0.0.1",
                "for=\"[::1|10.0.0.1",
                "for=|10.0.0.1"
            })
    void client_isTheLastThatIsNotATrustedProxy_inForwarded(String value, String expected) {
        assertThat(client("10.0.0.1", "Forwarded", value)).isEqualTo(expected);
    }

    private static boolean isSecure(String peer, boolean encrypted, Headers headers) {
        return OURS.isSecure(InetAddress.ofLiteral(peer), encrypted, headers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "https||true",
                "HTTPS||true",
                "http||false",
                "''||false",
                "wss||false",
                "https x||false",
                "https|192.0.2.1|true",
                "http, https|192.0.2.1|true",
                "https, http|192.0.2.1|false",
                "https, http|192.0.2.1, 10.0.0.2|true",
                "http, https|192.0.2.1, 10.0.0.2|false",
                "https, http, http|6.6.6.6, 192.0.2.1, 10.0.0.2|false",
                "http, https, http|6.6.6.6, 192.0.2.1, 10.0.0.2|true",
                "https|192.0.2.1, 10.0.0.2|true",
                "https, http|unknown, 10.0.0.2|false",
                "https, http|192.0.2.1, unknown|false",
            })
    void scheme_isWhatTheOutermostProxyHasSeen_inForwardedProto(String schemes, String addresses, boolean secure) {
        Headers headers = Headers.of("X-Forwarded-Proto", schemes);
        Headers all = addresses == null ? headers : headers.and("X-Forwarded-For", addresses);
        assertThat(isSecure("10.0.0.1", false, all)).isEqualTo(secure);
        assertThat(isSecure("203.0.113.7", false, all)).as("of a client").isFalse();
        assertThat(isSecure("203.0.113.7", true, all))
                .as("of an encrypted client")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=192.0.2.1;proto=https|true",
                "Proto=\"https\"; for=192.0.2.1|true",
                "for=192.0.2.1;proto=http|false",
                "for=192.0.2.1|false",
                "for=6.6.6.6;proto=https, for=192.0.2.1;proto=http|false",
                "for=192.0.2.1;proto=https, for=10.0.0.2;proto=http|true",
                "for=192.0.2.1;proto=http, for=10.0.0.2;proto=https|false",
            })
    void scheme_isWhatTheOutermostProxyHasSeen_inForwarded(String value, boolean secure) {
        Headers headers = Headers.of("Forwarded", value);
        assertThat(isSecure("10.0.0.1", false, headers)).isEqualTo(secure);
        assertThat(isSecure("203.0.113.7", false, headers)).as("of a client").isFalse();
    }

    @Test
    void scheme_isThatOfTheConnection_ifTheProxyDoesNotSay() {
        for (boolean encrypted : new boolean[] {false, true}) {
            assertThat(isSecure("10.0.0.1", encrypted, Headers.none())).isEqualTo(encrypted);
            assertThat(isSecure("10.0.0.1", encrypted, Headers.of("X-Forwarded-For", "192.0.2.1")))
                    .isEqualTo(encrypted);
            assertThat(isSecure(
                            "10.0.0.1",
                            encrypted,
                            Headers.of("Forwarded", "proto=https").and("X-Forwarded-Proto", "http")))
                    .as("both fields: one may be the client's own")
                    .isEqualTo(encrypted);
        }
        assertThat(isSecure("10.0.0.1", true, Headers.of("X-Forwarded-Proto", "http")))
                .as("an encrypted connection to a proxy that was asked in clear text")
                .isFalse();
    }

    @Test
    void severalFields_areOneList() {
        assertThat(client("10.0.0.1", "X-Forwarded-For", "6.6.6.6", "192.0.2.1", "10.0.0.2"))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void search_ends_whenThereAreTooManyProxies() {
        String hops = "192.0.2.1" + ", 10.0.0.2".repeat(32);
        assertThat(client("10.0.0.1", "X-Forwarded-For", hops)).isEqualTo("10.0.0.2");
    }

    @Test
    void fields_areIgnored_whenBothArePresent() {
        InetAddress proxy = InetAddress.ofLiteral("127.0.0.1");
        Headers both = Headers.of("Forwarded", "for=10.9.8.7").and("X-Forwarded-For", "203.0.113.9");

        assertThat(TrustedProxies.of(List.of("127.0.0.1")).client(proxy, both)).isEqualTo(proxy);
    }
}
