package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionHandler.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RegistryTest {
    private static final Limits ONE_PER_PEER = Limits.defaults().withMaxPerPeer(1);

    private final Registry registry = new Registry();

    private Optional<Refusal> enter(String address) throws UnknownHostException {
        return registry.enter(peer(address), ONE_PER_PEER);
    }

    private static InetSocketAddress peer(String address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), 4711);
    }

    @Test
    void addresses_areOnePeer_whenTheyShareAnIpv6Network() throws Exception {
        assertThat(enter("2001:db8:1:2::1")).isEmpty();
        assertThat(enter("2001:db8:1:2:ffff:ffff:ffff:ffff")).contains(Refusal.PEER_LIMIT);
        assertThat(enter("2001:db8:1:3::1")).isEmpty();
        registry.leave(peer("2001:db8:1:2:abcd::9"));
        assertThat(enter("2001:db8:1:2::7")).isEmpty();
    }

    @Test
    void addresses_areTwoPeers_whenTheyAreIpv4OrLoopback() throws Exception {
        assertThat(enter("192.0.2.1")).isEmpty();
        assertThat(enter("192.0.2.2")).isEmpty();
        assertThat(enter("192.0.2.1")).contains(Refusal.PEER_LIMIT);
        assertThat(enter("::ffff:192.0.2.1"))
                .as("the same, as an IPv4-mapped IPv6 address")
                .contains(Refusal.PEER_LIMIT);
        assertThat(enter("::1")).isEmpty();
        assertThat(enter("::2")).as("not a loopback address").isEmpty();
    }

    @Test
    void place_isFreeAgain_whenAConnectionLeaves() throws Exception {
        Limits two = Limits.defaults().withMaxConnections(2);
        assertThat(registry.enter(peer("192.0.2.1"), two)).isEmpty();
        assertThat(registry.enter(peer("192.0.2.2"), two)).isEmpty();
        assertThat(registry.enter(peer("192.0.2.3"), two)).contains(Refusal.SERVER_FULL);
        registry.leave(peer("192.0.2.1"));
        assertThat(registry.enter(peer("192.0.2.3"), two)).isEmpty();
        assertThat(registry.enter(peer("192.0.2.3"), two)).contains(Refusal.SERVER_FULL);
    }
}
