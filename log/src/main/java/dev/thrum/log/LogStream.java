package dev.thrum.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log on the standard output or the standard error: in a container there is often no other place. The stream may be a
 * pipe or a socket, so it is never opened by name, never rotated, and left open at the end.
 *
 * <p>Owned by the thread that writes the log.
 */
public final class LogStream implements LogSink {
    private static final int CHUNK = 64 * 1024;
    private static final Map<String, FileDescriptor> STREAMS = Map.of(
            "/dev/stdout", FileDescriptor.out,
            "/dev/fd/1", FileDescriptor.out,
            "/proc/self/fd/1", FileDescriptor.out,
            "/dev/stderr", FileDescriptor.err,
            "/dev/fd/2", FileDescriptor.err,
            "/proc/self/fd/2", FileDescriptor.err);

    private final WritableByteChannel channel;
    private final LineWriter lines;
    private final String name;
    private final LineBuffer buffer = new LineBuffer();

    /** The bytes that a failed write has left. */
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** The number of records in that write. */
    private int records;

    LogStream(WritableByteChannel channel, LogFormat format, ZoneId zone, String name) {
        this.channel = channel;
        this.lines = format.writer(zone);
        this.name = name;
    }

    /**
     * The standard stream of this name, such as {@code /dev/stdout}; empty for any other name.
     *
     * @param zone for formats that have local times
     */
    public static Optional<LogSink> named(Path path, LogFormat format, ZoneId zone) {
        return Optional.ofNullable(STREAMS.get(path.toString()))
                .map(stream -> new LogStream(new FileOutputStream(stream).getChannel(), format, zone, path.toString()));
    }

    @Override
    public int write(List<RequestRecord> more) throws IOException {
        // After a failure the same records are passed again, and a part of them is written already.
        if (!rest.hasRemaining() || records == 0) {
            finish();
            buffer.clear();
            while (records < more.size() && buffer.size() < CHUNK) {
                lines.add(more.get(records), buffer);
                records++;
            }
            rest = buffer.content();
        }
        finish();
        int written = records;
        records = 0;
        return written;
    }

    @Override
    public void write(Gap gap) throws IOException {
        finish();
        buffer.clear();
        lines.add(gap, buffer);
        rest = buffer.content();
        finish();
    }

    private void finish() throws IOException {
        while (rest.hasRemaining()) {
            int _ = channel.write(rest);
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return name;
    }
}
