package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.SystemClock;
import dev.thrum.engine.spi.Wire;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestPollerTest {
    private static final int PATIENCE_SECONDS = 30;
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final SystemClock clock = new SystemClock("test");
    private final RestPoller poller = new RestPoller(() -> true);

    @AfterEach
    void close() {
        poller.close();
        clock.close();
    }

    @Test
    void socketIsRegisteredOnce_howeverOftenItsConnectionRests() throws Exception {
        BlockingQueue<String> woken = new LinkedBlockingQueue<>();
        Wire.Resting conversation = () -> woken.add("woken");
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
            try (Socket client = new Socket(address.getAddress(), address.getPort())) {
                OutputStream out = client.getOutputStream();
                SocketWire wire = new SocketWire(server.accept(), new LingeringCloses(clock), clock, poller);
                byte[] buffer = new byte[8];
                for (int i = 0; i < 50; i++) {
                    wire.rest(conversation, NEVER);
                    out.write(i);
                    assertThat(woken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("woken");
                    assertThat(wire.awaitExchange(NEVER, () -> false)).isTrue();
                    assertThat(wire.readNow(buffer, 0, buffer.length, NEVER)).isEqualTo(1);
                    assertThat(buffer[0]).isEqualTo((byte) i);
                    assertThat(wire.awaitExchange(NEVER, () -> false)).isFalse();
                    assertThat(poller.registered()).isEqualTo(1);
                }
                assertThat(woken).isEmpty();
                wire.reset();
                while (poller.registered() > 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
