package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ResourcesTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void leftoverThreadIsReportedWithItsStack() throws Exception {
        Resources before = Resources.now();
        CountDownLatch end = new CountDownLatch(1);
        Thread plain = Thread.ofPlatform().name("forgotten").start(() -> await(end));
        Thread daemon = Thread.ofPlatform().daemon().name("worker-7").start(() -> await(end));
        Thread foreign = Thread.ofPlatform().daemon().name("somebody's").start(() -> await(end));
        try {
            assertThatThrownBy(() -> before.awaitNothingNew("here", SHORT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("left here but there were 2")
                    .hasMessageContaining("thread forgotten")
                    .hasMessageContaining("thread worker-7")
                    .hasMessageContaining("ResourcesTest.await")
                    .hasMessageNotContaining("somebody's");
        } finally {
            end.countDown();
        }
        assertThatCode(() -> before.awaitNothingNew("here")).doesNotThrowAnyException();
        plain.join();
        daemon.join();
        foreign.join();
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void leftoverSocketIsReportedWithItsAddress() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        Resources before = Resources.now();
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
            assertThatThrownBy(() -> before.awaitNothingNew("here", SHORT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("socket:[")
                    .hasMessageContaining(String.format(":%04X ", port));
        }
        assertThatCode(() -> before.awaitNothingNew("here")).doesNotThrowAnyException();
    }
}
