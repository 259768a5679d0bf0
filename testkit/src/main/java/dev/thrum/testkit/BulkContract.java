package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Server;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large amounts of data: files, both directions at once, and peers that don't read. */
interface BulkContract extends Contract {
    /** More bytes than all the buffers between two sockets hold. */
    int MUCH = 64 << 20;
    /** The same on a simulated network. */
    int MUCH_SIMULATED = 4 << 20;
    /** How many bytes those buffers may hold, and so how many a server may have sent to a client that reads nothing. */
    int BUFFERS = 32 << 20;

    int BUFFERS_SIMULATED = 2 << 20;

    /** The length of the markers in a file. */
    int MARKER = 16;

    @Test
    default void smallAndLongWritesArriveInOrder_whenTheyLeaveTogether() throws Exception {
        // Lengths around those at which buffers, records and calls of the network end.
        int[] heads = {1, 100, 8 * 1024 - 1, 8 * 1024};
        int[] bodies = {8 * 1024 + 1, 16 * 1024 - 100, 16 * 1024, 100 * 1024, 128 * 1024, 128 * 1024 + 1, 700_000};
        byte[] pattern = Scene.pattern(1 << 20);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Integer> lengths = new ArrayList<>();
        for (int head : heads) {
            for (int body : bodies) {
                all.write(pattern, lengths.size(), head);
                lengths.add(head);
                all.write(pattern, lengths.size(), body);
                lengths.add(body);
            }
        }
        play(scene -> {
            Server server = scene.listen(connection -> {
                for (int i = 0; i < lengths.size(); i++) {
                    connection.writer().write(pattern, i, lengths.get(i));
                }
            });
            assertThat(Scene.bytesToEnd(scene.connect(server))).isEqualTo(all.toByteArray());
        });
    }

    @Test
    default void fileArrives_whenItIsTransferredInParts(@TempDir Path directory) throws Exception {
        byte[] content = Scene.pattern(5 << 20);
        Path file = Files.write(directory.resolve("file"), content);
        play(scene -> {
            Server server = scene.listen(connection -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    int half = content.length / 2 + 17;
                    connection.writer().write("head\n");
                    connection.transfer(channel, half, content.length - half);
                    connection.writer().write("middle\n");
                    connection.transfer(channel, 0, half);
                    connection.transfer(channel, content.length, 0);
                    connection.writer().write("tail\n");
                }
            });
            Connection client = scene.connect(server);
            int half = content.length / 2 + 17;
            assertThat(Scene.line(client)).isEqualTo("head");
            assertThat(client.reader().readExactly(content.length - half))
                    .isEqualTo(Arrays.copyOfRange(content, half, content.length));
            assertThat(Scene.line(client)).isEqualTo("middle");
            assertThat(client.reader().readExactly(half)).isEqualTo(Arrays.copyOf(content, half));
            assertThat(Scene.textToEnd(client)).isEqualTo("tail\n");
        });
    }

    /** A channel of another kind than those of files on a disk, which has no descriptor and can't be mapped. */
    @Test
    default void fileArrives_whenItIsInAnArchive(@TempDir Path directory) throws Exception {
        byte[] content = Scene.pattern(300_000);
        try (FileSystem archive =
                FileSystems.newFileSystem(directory.resolve("archive.zip"), Map.of("create", "true"))) {
            Path file = Files.write(archive.getPath("/file"), content);
            play(scene -> {
                Server server = scene.listen(connection -> {
                    try (FileChannel channel = FileChannel.open(file)) {
                        connection.writer().write("head\n");
                        connection.transfer(channel, 100, content.length - 100);
                    }
                });
                Connection client = scene.connect(server);
                assertThat(Scene.line(client)).isEqualTo("head");
                assertThat(Scene.bytesToEnd(client)).isEqualTo(Arrays.copyOfRange(content, 100, content.length));
            });
        }
    }

    /** Offsets beyond an int: a length, position or count that is narrowed anywhere finds the wrong bytes. */
    @Test
    default void rightBytesArrive_whenOffsetsAndCountsAreBeyondAnInt(@TempDir Path directory) throws Exception {
        long[] offsets = {(1L << 31) - 8, (1L << 31) + 16, (1L << 32) + 8, 5L << 30};
        Path file = directory.resolve("sparse");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            for (long offset : offsets) {
                channel.write(ByteBuffer.wrap(marker(offset)), offset);
            }
            channel.write(ByteBuffer.wrap(new byte[1]), (6L << 30) - 1);
        }
        play(scene -> {
            Server ranges = scene.listen(connection -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    for (long offset : offsets) {
                        connection.transfer(channel, offset, MARKER);
                    }
                }
            });
            StringBuilder expected = new StringBuilder();
            for (long offset : offsets) {
                expected.append(new String(marker(offset), StandardCharsets.US_ASCII));
            }
            assertThat(Scene.textToEnd(scene.connect(ranges))).isEqualTo(expected.toString());
            Server rest = scene.listen(connection -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    connection.transfer(channel, offsets[0], (6L << 30) - offsets[0]);
                }
            });
            Connection client = scene.connect(rest);
            assertThat(client.reader().readExactly(MARKER)).isEqualTo(marker(offsets[0]));
            assertThat(client.reader().readExactly(8)).containsOnly(0);
            assertThat(client.reader().readExactly(MARKER)).isEqualTo(marker(offsets[1]));
            client.reset();
        });
    }

    private static byte[] marker(long offset) {
        return String.format(Locale.ROOT, "<%014d>", offset).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    default void transferFails_whenFileIsShorterThanRequested(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("file"), Scene.pattern(200_000));
        play(scene -> {
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    connection.transfer(channel, 0, 100_000);
                    channel.truncate(150_000);
                    seen.complete(catchThrowable(() -> connection.transfer(channel, 100_000, 100_000)));
                    assertThatThrownBy(() -> connection.transfer(channel, -1, 1))
                            .isInstanceOf(IllegalArgumentException.class);
                }
            });
            assertThat(Scene.bytesToEnd(scene.connect(server))).isEqualTo(Scene.pattern(150_000));
            assertThat(seen.get()).isInstanceOf(EOFException.class);
        });
    }

    @Test
    default void fileArrives_whenClientStartsToReadLate(@TempDir Path directory) throws Exception {
        play(scene -> {
            byte[] content = Scene.pattern(scene.size(MUCH / 2, MUCH_SIMULATED));
            Path file = Files.write(directory.resolve("file"), content);
            Server server = scene.listen(connection -> {
                try (FileChannel channel = FileChannel.open(file)) {
                    connection.transfer(channel, 0, content.length);
                }
            });
            Connection client = scene.connect(server);
            scene.untilServedWaitsFor(Waiting.OUTPUT);
            assertThat(Arrays.equals(Scene.bytesToEnd(client), content)).isTrue();
        });
    }

    @Test
    default void handlerBlocks_whenClientDoesNotRead() throws Exception {
        play(scene -> {
            byte[] content = Scene.pattern(scene.size(MUCH, MUCH_SIMULATED));
            Server server = scene.listen(connection -> connection.writer().write(content));
            Connection client = scene.connect(server);
            untilBlocked(scene, () -> scene.untilServedWaitsFor(Waiting.OUTPUT));
            assertThat(scene.served().getFirst().bytesOut())
                    .isLessThan(scene.size(BUFFERS, BUFFERS_SIMULATED))
                    .isLessThan(content.length);
            assertThat(Arrays.equals(Scene.bytesToEnd(client), content)).isTrue();
        });
    }

    @Test
    default void clientBlocks_whenHandlerDoesNotRead() throws Exception {
        play(scene -> {
            byte[] content = Scene.pattern(scene.size(MUCH, MUCH_SIMULATED));
            CompletableFuture<Void> mayRead = new CompletableFuture<>();
            CompletableFuture<byte[]> read = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                mayRead.join();
                read.complete(Scene.bytesToEnd(connection));
            });
            Connection client = scene.connect(server);
            client.releaseOwnership();
            scene.fork("writer", () -> {
                client.writer().write(content);
                client.close();
            });
            untilBlocked(scene, client::info);
            assertThat(client.info().bytesOut())
                    .isLessThan(scene.size(BUFFERS, BUFFERS_SIMULATED))
                    .isLessThan(content.length);
            mayRead.complete(null);
            assertThat(Arrays.equals(read.get(), content)).isTrue();
        });
    }

    /** Waits until a connection waits for its peer and has sent nothing for a while. */
    private static void untilBlocked(Scene scene, Supplier<ConnectionInfo> connection) throws InterruptedException {
        for (long before = -1, now = 0; before != now; ) {
            before = now;
            scene.until("the peer to be waited for", () -> connection.get().waitingFor() == Waiting.OUTPUT);
            scene.pause(Duration.ofMillis(200));
            now = connection.get().bytesOut();
        }
    }

    @Test
    default void everythingArrives_whenBothSidesSendMuchDataAtOnce() throws Exception {
        play(scene -> {
            byte[] content = Scene.pattern(scene.size(8 << 20, 1 << 20));
            CompletableFuture<byte[]> uploaded = new CompletableFuture<>();
            Server downloads = scene.listen(connection -> connection.writer().write(content));
            Server uploads = scene.listen(connection -> uploaded.complete(Scene.bytesToEnd(connection)));
            Server echo = scene.listen(BulkContract::echoBytes);
            scene.fork("upload", () -> {
                Connection client = scene.connect(uploads);
                client.writer().write(content);
                client.shutdownOutput();
            });
            scene.fork("echo", () -> {
                Connection client = scene.connect(echo);
                for (int from = 0; from < content.length; from += 4_096) {
                    client.writer().write(content, from, 4_096);
                    byte[] back = client.reader().readExactly(4_096);
                    assertThat(Arrays.equals(back, 0, 4_096, content, from, from + 4_096))
                            .isTrue();
                }
            });
            assertThat(Arrays.equals(Scene.bytesToEnd(scene.connect(downloads)), content))
                    .isTrue();
            assertThat(Arrays.equals(uploaded.get(), content)).isTrue();
        });
    }

    private static void echoBytes(Connection connection) throws IOException {
        byte[] chunk = new byte[3_000];
        for (int count; (count = connection.reader().readAvailable(chunk, 0, chunk.length)) >= 0; ) {
            connection.writer().write(chunk, 0, count);
        }
    }
}
