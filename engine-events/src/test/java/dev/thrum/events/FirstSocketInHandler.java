package dev.thrum.events;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * A program in which the first virtual thread that waits for one of the JDK's own sockets is a pinned handler. Run in a
 * JVM of its own.
 */
final class FirstSocketInHandler {
    private static final CompletableFuture<Integer> PORT = new CompletableFuture<>();
    private static final CountDownLatch WAITING = new CountDownLatch(1);

    private FirstSocketInHandler() {}

    public static void main(String[] args) throws Exception {
        try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Engine engine = EventEngine.open(new EventOptions(TransportKind.EPOLL, 1, Duration.ofSeconds(10)))) {
            Thread.ofPlatform().daemon().start(() -> answerOnce(backend));
            PORT.complete(backend.getLocalPort());
            Server server =
                    Talk.listen(engine, connection -> connection.writer().write(Pinned.BYTE));
            try (Connection client = engine.connect(server.address(), Duration.ofSeconds(10))) {
                System.out.println("read " + client.reader().read());
            }
        }
        System.exit(0);
    }

    /** Answers after the client has been waiting for a while. */
    private static void answerOnce(ServerSocket backend) {
        try (Socket client = backend.accept()) {
            WAITING.await();
            Thread.sleep(200);
            client.getOutputStream().write(42);
        } catch (IOException | InterruptedException e) {
            System.out.println("failed: " + e);
        }
    }

    /** In a class initializer a virtual thread can't leave its carrier. */
    private static final class Pinned {
        static final int BYTE = ask();

        private Pinned() {}

        private static int ask() {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), PORT.join())) {
                WAITING.countDown();
                return socket.getInputStream().read();
            } catch (IOException e) {
                System.out.println("failed: " + e);
                return 0;
            }
        }
    }
}
