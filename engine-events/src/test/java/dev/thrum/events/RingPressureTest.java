package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handlers and clients that don't read, on io_uring, where the kernel receives before anybody asks for bytes. */
@Timeout(300)
@ExtendWith(LeakCheck.class)
final class RingPressureTest {
    private static final int KIB = 1024;

    private static String echoed(Server server) throws IOException {
        try (Socket client = RingClients.connect(server)) {
            client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
        }
    }

    private static Server echo(Engine engine) throws IOException {
        return RingClients.listen(engine, connection -> {
            for (String line = Scene.line(connection); !line.equals("<end>"); line = Scene.line(connection)) {
                connection.writer().write(line + "\n");
                connection.writer().flush();
            }
        });
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Waits until each waits in a write, because its kernel takes no more, or has ended. */
    private static void awaitBlocked(List<Thread> senders) {
        for (Thread sender : senders) {
            while (sender.getState() == Thread.State.NEW || sender.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void heapStaysSmall_andOthersAreServed_whenClientsSendMuchToHandlersThatDoNotRead() throws Exception {
        int clients = RingClients.SOAK ? 300 : 100;
        long length = RingClients.SOAK ? 10L << 20 : 2L << 20;
        CountDownLatch gate = new CountDownLatch(1);
        AtomicLong right = new AtomicLong();
        CountDownLatch done = new CountDownLatch(clients);
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                gate.await();
                right.addAndGet(RingClients.readChecked(connection, 8 * KIB, Long.MAX_VALUE));
                done.countDown();
            });
            Server echo = echo(engine);
            assertThat(echoed(echo)).isEqualTo("hello\n");
            List<Socket> sockets = new ArrayList<>();
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                sockets.add(RingClients.connect(server));
            }
            while (engine.loops().getFirst().connections() < clients) {
                Thread.onSpinWait();
            }
            long before = usedHeap();
            byte[] pieces = new byte[(int) length];
            RingClients.fill(pieces, 0);
            for (Socket socket : sockets) {
                senders.add(Thread.startVirtualThread(() -> {
                    try (socket) {
                        socket.getOutputStream().write(pieces);
                    } catch (IOException e) {
                        right.set(Long.MIN_VALUE);
                    }
                }));
            }
            awaitBlocked(senders);
            long begun = System.nanoTime();
            assertThat(echoed(echo)).isEqualTo("hello\n");
            long took = System.nanoTime() - begun;
            long grown = usedHeap() - before - length;
            // And a megabyte for the threads of the clients.
            assertThat(grown).as("heap of %d connections", clients).isLessThan(clients * 40L * KIB + 1024L * KIB);
            if (RingClients.SOAK) {
                assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(50));
            }
            gate.countDown();
            done.await();
            assertThat(right).hasValue(clients * length);
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    /** If they kept the kernel's buffers, of which there are fewer, nothing could be received any more. */
    @Test
    void othersAreServed_when200HandlersTakeHalfABufferAndSleep() throws Exception {
        int clients = 200;
        int half = 8 * KIB;
        CountDownLatch halves = new CountDownLatch(clients);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger right = new AtomicInteger();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                long first = RingClients.readChecked(connection, 1_000, half);
                halves.countDown();
                gate.await();
                byte[] rest = connection.reader().readExactly(half);
                boolean ordered = true;
                for (int i = 0; i < half; i++) {
                    ordered &= rest[i] == RingClients.byteAt(half + i);
                }
                right.addAndGet(first == half && ordered ? 1 : 0);
                connection.writer().write("done");
            });
            Server echo = echo(engine);
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Socket socket = RingClients.connect(server);
                sockets.add(socket);
                RingClients.send(socket, 2L * half);
            }
            halves.await();
            assertThat(echoed(echo)).isEqualTo("hello\n");
            gate.countDown();
            for (Socket socket : sockets) {
                assertThat(RingClients.textToEnd(socket.getInputStream())).isEqualTo("done");
                socket.close();
            }
            assertThat(right).hasValue(clients);
        }
    }

    @Test
    void writeDeadlineFires_andTwoChunksAreHeld_whenAClientDoesNotRead() throws Exception {
        int clients = RingClients.SOAK ? 300 : 50;
        LoopBackend<?> backend = LoopBackend.open(Available.here(RingClients.options()));
        List<CompletableFuture<Throwable>> failures = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(clients);
        try (Engine engine = new Engine(backend)) {
            RingLoop loop = (RingLoop) backend.conversing().all().getFirst();
            Limits limits = Limits.defaults()
                    .withMaxPerPeer(clients)
                    .withDeadlines(Limits.Deadlines.defaults().withWrite(Duration.ofSeconds(1)));
            Server server = engine.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    connection -> {
                        CompletableFuture<Throwable> failure = new CompletableFuture<>();
                        failures.add(failure);
                        begun.countDown();
                        try {
                            byte[] much = new byte[1 << 20];
                            while (true) {
                                connection.writer().write(much);
                            }
                        } catch (IOException e) {
                            failure.complete(e);
                        }
                    },
                    limits);
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                sockets.add(RingClients.connect(server));
            }
            begun.await();
            int most = 0;
            for (CompletableFuture<Throwable> failure : failures) {
                while (!failure.isDone()) {
                    most = Math.max(
                            most,
                            Objects.requireNonNull(loop.call(() -> loop.chunks().lent())));
                }
                assertThat(failure.get()).isInstanceOf(DeadlineException.class);
            }
            assertThat(most).isBetween(clients, 2 * clients);
            for (Socket socket : sockets) {
                socket.close();
            }
            while (loop.call(() -> loop.chunks().lent()) > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void everyClientIsAnswered_whenAHandlerComputesWhileTheySend() throws Exception {
        int clients = RingClients.SOAK ? 1_000 : 200;
        CountDownLatch computing = new CountDownLatch(1);
        AtomicInteger sent = new AtomicInteger();
        try (Engine engine = RingClients.engine()) {
            Server echo = echo(engine);
            Server slow = RingClients.listen(engine, connection -> {
                var _ = connection.reader().read();
                computing.countDown();
                // It holds the loop until all have sent.
                while (sent.get() < clients) {
                    Thread.onSpinWait();
                }
                connection.writer().write("computed");
            });
            try (Socket computer = RingClients.connect(slow)) {
                List<Socket> sockets = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    sockets.add(RingClients.connect(echo));
                }
                computer.getOutputStream().write('x');
                computing.await();
                for (Socket socket : sockets) {
                    socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
                    sent.incrementAndGet();
                }
                for (Socket socket : sockets) {
                    assertThat(socket.getInputStream().readNBytes(6)).asString().isEqualTo("hello\n");
                    socket.close();
                }
                assertThat(RingClients.textToEnd(computer.getInputStream())).isEqualTo("computed");
            }
        }
    }

    @Test
    void bytesKeepTheirOrder_whateverTheReaderTakesAtOnce_andWhetherItSleepsOrNot() throws Exception {
        long length = RingClients.SOAK ? 4L << 20 : 200_000;
        int[] pieces = {1, 100, 8_192};
        try (Engine engine = RingClients.engine()) {
            RingClients.all(pieces.length * 2, number -> {
                int piece = pieces[number / 2];
                CompletableFuture<Long> right = new CompletableFuture<>();
                Server server = RingClients.listen(
                        engine,
                        connection -> right.complete(
                                number % 2 == 0
                                        ? RingClients.readChecked(connection, piece, Long.MAX_VALUE)
                                        : readSleeping(connection, piece, length)));
                try (Socket client = RingClients.connect(server)) {
                    RingClients.send(client, length);
                }
                assertThat(right.get()).as("pieces of %d", piece).isEqualTo(length);
            });
        }
    }

    /** Sleeps after each few kilobytes, so that some are read in the turn in which they come and some later. */
    private static long readSleeping(Connection connection, int piece, long length) throws Exception {
        byte[] target = new byte[piece];
        long place = 0;
        long slept = 0;
        for (int count; (count = connection.reader().readAvailable(target, 0, piece)) >= 0; place += count) {
            for (int i = 0; i < count; i++) {
                if (target[i] != RingClients.byteAt(place + i)) {
                    return place + i;
                }
            }
            if (place - slept > length / 50) {
                slept = place;
                connection.clock().sleep(Duration.ofMillis(1));
            }
        }
        return place;
    }
}
