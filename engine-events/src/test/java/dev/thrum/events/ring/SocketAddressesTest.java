package dev.thrum.events.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketAddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "255.1.2.254", "::1", "::", "2001:db8:ff00:42::8329"})
    void address_staysTheSame_throughTheKernelsForm(String literal) throws Exception {
        for (int port : new int[] {0, 1, 80, 255, 256, 32_768, 65_535}) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(literal), port);
            assertThat(SocketAddresses.decode(padded(address))).contains(address);
        }
    }

    @Test
    void scope_isKept() throws Exception {
        byte[] local = InetAddress.getByName("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, local, 7), 80);
        assertThat(SocketAddresses.decode(padded(address)))
                .hasValueSatisfying(found -> assertThat(((Inet6Address) found.getAddress()).getScopeId())
                        .isEqualTo(7));
    }

    /** As sockaddr_in and the big-endian port are laid out (ip(7)). */
    @Test
    void bytes_areThoseOfTheKernel() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("1.2.3.4"), 0x5678);
        assertThat(SocketAddresses.encode(address)).startsWith(2, 0, 0x56, 0x78, 1, 2, 3, 4);
    }

    @Test
    void otherFamily_isNoAddress() {
        assertThat(SocketAddresses.decode(new byte[SocketAddresses.LONGEST])).isEmpty();
    }

    private static byte[] padded(InetSocketAddress address) {
        return Arrays.copyOf(SocketAddresses.encode(address), SocketAddresses.LONGEST);
    }
}
