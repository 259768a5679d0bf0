package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
    /** RFC 5952, section 4. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::ABCD:FFFF, 2001:db8::abcd:ffff",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8"
    })
    void addressIsWritten_inItsCanonicalForm(String written, String form) {
        assertThat(AddressText.of(InetAddress.ofLiteral(written))).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:80",
        "::1, [::1]:80",
        "::, [::]:80",
        "2001:db8::5, [2001:db8::5]:80",
        "2001:db8:0:1:0:0:0:5, [2001:db8:0:1::5]:80",
        "fe80::, [fe80::]:80",
        "1:2:3:4:5:6:7:8, [1:2:3:4:5:6:7:8]:80",
        "10:0:0:10:0:0:0:10, [10:0:0:10::10]:80",
    })
    void socketAddress_hasItsPort(String host, String text) {
        assertThat(AddressText.of(new InetSocketAddress(host, 80))).isEqualTo(text);
    }

    @Test
    void socketAddress_isTheAddress_orElseTheName() throws UnknownHostException {
        InetAddress named = InetAddress.getByAddress("example.org", new byte[] {127, 0, 0, 1});
        assertThat(AddressText.of(new InetSocketAddress(named, 80))).isEqualTo("127.0.0.1:80");
        assertThat(AddressText.of(InetSocketAddress.createUnresolved("example.org", 80)))
                .isEqualTo("example.org:80");
    }
}
