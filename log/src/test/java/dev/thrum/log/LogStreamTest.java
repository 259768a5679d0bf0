package dev.thrum.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LogStreamTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** How many bytes the channel accepts before it fails. */
    private int room = Integer.MAX_VALUE;

    private final LogStream log = new LogStream(
            new WritableByteChannel() {
                @Override
                public int write(ByteBuffer source) throws IOException {
                    if (room == 0) {
                        throw new IOException("Resource temporarily unavailable");
                    }
                    byte[] taken = new byte[Math.min(room, source.remaining())];
                    source.get(taken);
                    out.writeBytes(taken);
                    room -= taken.length;
                    return taken.length;
                }

                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void close() {
                    throw new AssertionError("expected the stream to stay open");
                }
            },
            LogFormat.JSON,
            ZoneOffset.UTC,
            "/dev/stdout");

    private static List<RequestRecord> records(long from, long to) {
        return LongStream.range(from, to).mapToObj(Records::numbered).toList();
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    @Test
    void records_areWrittenOnce_whenAWriteFailsHalfway() throws IOException {
        room = 250;
        assertThatThrownBy(() -> log.write(records(0, 5))).hasMessageContaining("temporarily");
        room = Integer.MAX_VALUE;
        assertThat(log.write(records(0, 5))).isEqualTo(5);
        log.write(new LogSink.Gap(0, 3));
        assertThat(log.write(records(5, 7))).isEqualTo(2);
        log.close();

        assertThat(lines()).hasSize(8).doesNotHaveDuplicates().allMatch(line -> line.matches("\\{.*}"));
        assertThat(lines().get(5)).contains("\"dropped\":3");
    }

    @Test
    void largeBatch_isWrittenInParts() throws IOException {
        List<RequestRecord> all = records(0, 2_000);
        int done = 0;
        while (done < all.size()) {
            done += log.write(all.subList(done, all.size()));
        }
        assertThat(lines()).hasSize(2_000).doesNotHaveDuplicates();
    }

    @Test
    void standardStreams_areRecognizedByTheirNames() {
        assertThat(LogStream.named(Path.of("/dev/stdout"), LogFormat.JSON, ZoneOffset.UTC))
                .isPresent();
        assertThat(LogStream.named(Path.of("/var/log/stdout"), LogFormat.JSON, ZoneOffset.UTC))
                .isEmpty();
    }
}
