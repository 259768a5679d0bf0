package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
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
        assertThat(ClientAddress.text(InetAddress.ofLiteral(written))).isEqualTo(form);
    }
}
