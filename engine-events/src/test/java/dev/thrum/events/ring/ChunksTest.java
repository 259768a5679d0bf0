package dev.thrum.events.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChunksTest {
    /** EFAULT, "bad address". */
    private static final int EFAULT = 14;

    private final Chunks chunks = new Chunks();

    @TempDir
    private Path folder;

    @BeforeEach
    void needMemory() {
        Rings.memoryNeeded();
    }

    @AfterEach
    void close() {
        chunks.close();
    }

    @Test
    void chunk_takesItsSizeAndNoMore() {
        Chunk chunk = chunks.take();
        assertThat(chunk.put(new byte[Chunk.SIZE + 5], 5, 100)).isEqualTo(100);
        assertThat(chunk.isFull()).isFalse();
        assertThat(chunk.put(new byte[Chunk.SIZE], 0, Chunk.SIZE)).isEqualTo(Chunk.SIZE - 100);
        assertThat(chunk.isFull()).isTrue();
        assertThat(chunk.put(new byte[1], 0, 1)).isZero();
        chunk.take(Chunk.SIZE - 1);
        assertThat(chunk.length()).isEqualTo(1);
        assertThatThrownBy(() -> chunk.take(2)).isInstanceOf(IllegalArgumentException.class);
        chunks.give(chunk);
        assertThat(chunks.lent()).isZero();
    }

    @Test
    void spareChunk_isEmptyAndReused_andOneTooManyIsFreed() {
        List<Chunk> lent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Chunk chunk = chunks.take();
            chunk.put(new byte[10], 0, 10);
            lent.add(chunk);
        }
        assertThat(chunks.lent()).isEqualTo(300);
        lent.forEach(chunks::give);
        Chunk freed = lent.getLast();
        assertThatThrownBy(() -> freed.put(new byte[1], 0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("expected a chunk in use but it was freed");
        Chunk again = chunks.take();
        assertThat(lent).contains(again);
        assertThat(again.length()).isZero();
        chunks.give(again);
    }

    @Test
    void partOfAFile_isSentFromItsMapping_andUnmappedWhenGivenBack() throws Exception {
        Rings.needed();
        byte[] content = new byte[3 * ProvidedBuffers.SIZE];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ((i * 31) >> 4);
        }
        Path file = Files.write(folder.resolve("file"), content);
        try (FileChannel source = FileChannel.open(file)) {
            Chunk part = chunks.map(source, 1_000, 20_000);
            assertThat(part.isFull()).isTrue();
            assertThat(part.length()).isEqualTo(20_000);
            assertThat(part.put(new byte[1], 0, 1)).isZero();
            assertThat(sent(part)).isEqualTo(Arrays.copyOfRange(content, 1_000, 21_000));
            chunks.give(part);
            assertThatThrownBy(part::next).isInstanceOf(IllegalStateException.class);
            assertThat(chunks.lent()).isZero();
        }
    }

    private static byte[] sent(Chunk chunk) throws Exception {
        int[] pair = Kernel.socketPair();
        byte[] received = new byte[chunk.length()];
        int[] sent = {0};
        int[] count = {0};
        try (Ring ring = Ring.open(4)) {
            ring.send(pair[0], chunk, 1);
            ring.receive(pair[1], 0, 2);
            while (count[0] < received.length || sent[0] == 0) {
                ring.enter(true, 0);
                ring.complete((data, result, flags) -> {
                    assertThat(result).isPositive();
                    if (data == 1) {
                        sent[0] = result;
                        return;
                    }
                    ring.buffers().copy(Ring.buffer(flags), 0, received, count[0], result);
                    ring.buffers().giveBack(Ring.buffer(flags));
                    count[0] += result;
                    if (count[0] < received.length) {
                        ring.receive(pair[1], 0, 2);
                    }
                });
            }
            assertThat(sent[0]).isEqualTo(received.length);
        } finally {
            Kernel.close(pair[0]);
            Kernel.close(pair[1]);
        }
        return received;
    }

    /** A read by Java would raise an error of the JVM, or end it. */
    @Test
    void sendingFails_whenTheFileWasCutMeanwhile() throws Exception {
        Rings.needed();
        Path file = Files.write(folder.resolve("file"), new byte[100_000]);
        int[] pair = Kernel.socketPair();
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Ring ring = Ring.open(4)) {
            Chunk part = chunks.map(source, 50_000, 50_000);
            source.truncate(10);
            ring.send(pair[0], part, 1);
            ring.enter(true, 0);
            int[] seen = {0};
            ring.complete((data, result, flags) -> seen[0] = result);
            assertThat(seen[0]).isEqualTo(-EFAULT);
            chunks.give(part);
        } finally {
            Kernel.close(pair[0]);
            Kernel.close(pair[1]);
        }
    }

    @Test
    void channelThatCannotBeMapped_isRefused_andLeavesNothing() throws Exception {
        try (FileSystem archive = FileSystems.newFileSystem(folder.resolve("archive.zip"), Map.of("create", "true"));
                FileChannel source = FileChannel.open(Files.write(archive.getPath("/file"), new byte[100]))) {
            assertThatThrownBy(() -> chunks.map(source, 0, 10)).isInstanceOf(UnsupportedOperationException.class);
            assertThat(chunks.lent()).isZero();
        }
    }
}
