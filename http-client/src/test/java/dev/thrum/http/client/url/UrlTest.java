package dev.thrum.http.client.url;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class UrlTest {
    private static final Url FULL = Url.parse("https://user:secret@Example.org:8443/a/b?q=1#top");

    @Test
    void parts_areThoseOfTheText() {
        assertThat(FULL.scheme()).isEqualTo("https");
        assertThat(FULL.isHttps()).isTrue();
        assertThat(FULL.username()).isEqualTo("user");
        assertThat(FULL.password()).isEqualTo("secret");
        assertThat(FULL.host()).isEqualTo("example.org");
        assertThat(FULL.port()).isEqualTo(8443);
        assertThat(FULL.hostAndPort()).isEqualTo("example.org:8443");
        assertThat(FULL.path()).isEqualTo("/a/b");
        assertThat(FULL.query()).contains("q=1");
        assertThat(FULL.fragment()).contains("top");
        assertThat(FULL.requestTarget()).isEqualTo("/a/b?q=1");
        assertThat(FULL.origin()).isEqualTo("https://example.org:8443");
        assertThat(FULL.href()).isEqualTo("https://user:secret@example.org:8443/a/b?q=1#top");
    }

    @Test
    void parts_thatAreMissing_areEmpty() {
        Url url = Url.parse("http://h");

        assertThat(url.isHttps()).isFalse();
        assertThat(url.username()).isEmpty();
        assertThat(url.password()).isEmpty();
        assertThat(url.port()).isEqualTo(80);
        assertThat(url.query()).isEmpty();
        assertThat(url.fragment()).isEmpty();
        assertThat(url.requestTarget()).isEqualTo("/");
    }

    @Test
    void requestTarget_keepsAnEmptyQuery() {
        assertThat(Url.parse("http://h?#f").requestTarget()).isEqualTo("/?");
    }

    @Test
    void withoutFragment_keepsTheRest() {
        assertThat(FULL.withoutFragment().href()).isEqualTo("https://user:secret@example.org:8443/a/b?q=1");
        assertThat(Url.parse("http://h/?#").withoutFragment().href()).isEqualTo("http://h/?");
    }

    @Test
    void withoutUserInfo_keepsTheRest() {
        assertThat(FULL.withoutUserInfo().href()).isEqualTo("https://example.org:8443/a/b?q=1#top");
        assertThat(Url.parse("http://:p@h/").withoutUserInfo().href()).isEqualTo("http://h/");
    }

    @Test
    void toString_hasNoPassword() {
        assertThat(FULL).hasToString("https://example.org:8443/a/b?q=1#top");
    }

    @Test
    void origin_isTheSame_forSchemeHostAndPort() {
        Url url = Url.parse("http://h/a");

        assertThat(url.hasOriginOf(Url.parse("HTTP://u@H:80/b?c#d"))).isTrue();
        assertThat(url.hasOriginOf(Url.parse("https://h/a"))).isFalse();
        assertThat(url.hasOriginOf(Url.parse("https://h:80/a"))).isFalse();
        assertThat(url.hasOriginOf(Url.parse("http://h:8080/a"))).isFalse();
        assertThat(url.hasOriginOf(Url.parse("http://h./a"))).isFalse();
    }

    @Test
    void equals_isByHref() {
        assertThat(Url.parse("HTTP:\\\\H:80\\a\\.\\b"))
                .isEqualTo(Url.parse("http://h/a/b"))
                .hasSameHashCodeAs(Url.parse("http://h/a/b"));
        assertThat(Url.parse("http://h/a")).isNotEqualTo(Url.parse("http://h/%61"));
        assertThat(Url.parse("http://h/")).isNotEqualTo(Url.parse("http://h/#")).isNotEqualTo("http://h/");
    }

    @Test
    void address_isThatOfALiteral() {
        assertThat(Url.parse("http://0x7f.1/").address()).contains(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(Url.parse("http://[2001:DB8:0::1]/").address()).contains(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(Url.parse("http://[::ffff:10.0.0.1]/").address()).contains(InetAddress.ofLiteral("10.0.0.1"));
        assertThat(Url.parse("http://localhost/").address()).isEmpty();
        assertThat(Url.parse("http://1.2.3.4.com/").address()).isEmpty();
        assertThat(Url.parse("http://./").address()).isEmpty();
    }

    @Test
    void url_thatIsSerialized_isEqualAfterwards() throws IOException, ClassNotFoundException {
        Url url = Url.parse("http://user:secret@EXAMPLE.org:8080/a?b#c");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(url);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(url);
        }
    }
}
