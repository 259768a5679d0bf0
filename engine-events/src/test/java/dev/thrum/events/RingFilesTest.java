package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files on io_uring whose connections end while they are sent; the contract has the others. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class RingFilesTest {
    /** More than all buffers between two sockets hold. */
    private static final long SIZE = 64 << 20;

    @TempDir
    private Path folder;

    private Path sparse() throws IOException {
        Path file = folder.resolve("file");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(SIZE);
        }
        return file;
    }

    /** The kernel is asked when the socket takes bytes, and never answers. */
    @Test
    void nothingIsLeft_whenClientsResetWhileAFileIsSentToThem() throws Exception {
        int clients = 50;
        Path file = sparse();
        AtomicInteger failed = new AtomicInteger();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    connection.transfer(channel, 0, SIZE);
                } catch (IOException e) {
                    failed.incrementAndGet();
                }
            });
            RingClients.all(clients, number -> {
                Socket client = RingClients.connect(server);
                var _ = client.getInputStream().readNBytes(1 + number * 1_000);
                RingClients.resetBy(client);
            });
            // LeakCheck finds the descriptors.
            while (!engine.connections().isEmpty() || engine.loops().getFirst().connections() > 0) {
                Thread.onSpinWait();
            }
            assertThat(failed).hasValue(clients);
        }
    }

    @Test
    void transferFails_andNothingIsLeft_whenTheEngineClosesWhileTheClientDoesNotRead() throws Exception {
        Path file = sparse();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Socket client;
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    failure.complete(catchThrowable(() -> connection.transfer(channel, 0, SIZE)));
                }
            });
            client = RingClients.connect(server);
            Talk.awaitServedWaitingFor(engine, Waiting.OUTPUT);
        }
        assertThat(failure.get()).isInstanceOf(IOException.class);
        client.close();
    }

    /** A thread that the loop does not run hands each call over, and waits for the socket as a handler does. */
    @Test
    void fileArrives_whenAnotherThreadSendsIt() throws Exception {
        Path file = sparse();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(
                    engine,
                    connection -> connection.offload(() -> {
                        try (FileChannel channel = FileChannel.open(file)) {
                            connection.transfer(channel, 0, SIZE);
                        }
                        return true;
                    }));
            try (Socket client = RingClients.connect(server)) {
                long count = 0;
                byte[] piece = new byte[1 << 16];
                for (int read; (read = client.getInputStream().read(piece)) >= 0; ) {
                    count += read;
                }
                assertThat(count).isEqualTo(SIZE);
            }
        }
    }
}
