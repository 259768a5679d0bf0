package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a file, on the disk: its bytes, and next to them what they are the beginning of ({@link PartRecord}).
 *
 * <p>All bytes are always of the version that the record names; without a record they are worth nothing to a later run. Small files never get
 * one. Owned by the thread that fetches the file.
 */
final class Part {
    static final String BYTES = ".part";
    static final String RECORD = ".record";

    /** From this size on a part is worth a record while it grows: less than that is fetched again after a kill. */
    static final long WORTH_A_RECORD = 256 * 1024;

    private final Path bytes;
    private final Path record;
    private @Nullable FileChannel channel;
    private @Nullable PartRecord description;
    private boolean recorded;
    private long length;

    private Part(Path bytes, Path record) {
        this.bytes = bytes;
        this.record = record;
    }

    /** A part without bytes. */
    static Part create(Path folder, long number) throws DiskException {
        Part part = new Part(folder.resolve(number + BYTES), folder.resolve(number + RECORD));
        part.create();
        return part;
    }

    /** A part that was left. */
    static Part reopen(LeftPart left) throws DiskException {
        Part part = new Part(left.bytes(), left.record());
        try {
            part.channel = FileChannel.open(left.bytes(), Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            part.length = part.channel.size();
        } catch (IOException e) {
            throw new DiskException("expected to open the part " + left.bytes(), e);
        }
        part.description = left.description();
        part.recorded = true;
        boolean rebooted = !left.description().boot().equals(Boot.ID);
        part.keepFirst(rebooted ? Math.min(part.length, left.description().durable()) : part.length);
        return part;
    }

    private void create() throws DiskException {
        try {
            channel = FileChannel.open(
                    bytes, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            length = 0;
        } catch (IOException e) {
            throw new DiskException("expected to make the part " + bytes, e);
        }
    }

    private FileChannel channel() throws DiskException {
        if (channel == null) {
            throw new DiskException("expected a part that is open: " + bytes);
        }
        return channel;
    }

    /** The number of bytes. */
    long length() {
        return length;
    }

    /** What it is the beginning of; null if nobody has said so since it was empty. */
    @Nullable
    PartRecord description() {
        return description;
    }

    /** Whether all bytes of the file are there. */
    boolean isComplete() {
        return description != null && description.total() == length;
    }

    /** Describes the bytes that follow; only while there are none, or with the same version. */
    void describe(PartRecord value) {
        description = value;
    }

    /** Goes back to no bytes of any version. The old file is not emptied but removed: it could have another name, too. */
    void restart() throws DiskException {
        if (length == 0 && !recorded) {
            description = null;
            return;
        }
        close();
        try {
            Files.deleteIfExists(bytes);
            forget();
        } catch (IOException e) {
            throw new DiskException("expected to remove the part " + bytes, e);
        }
        create();
    }

    private void forget() throws IOException {
        if (recorded) {
            Files.deleteIfExists(record);
            recorded = false;
        }
        description = null;
    }

    /** Keeps only the first bytes, which are not more than there are, and goes on after them. */
    private void keepFirst(long size) throws DiskException {
        try {
            if (size < length) {
                channel().truncate(size);
                length = size;
            }
            channel().position(size);
        } catch (IOException e) {
            throw new DiskException("expected to shorten the part " + bytes, e);
        }
    }

    /** Appends bytes. */
    void write(byte[] source, int count) throws DiskException {
        ByteBuffer buffer = ByteBuffer.wrap(source, 0, count);
        try {
            while (buffer.hasRemaining()) {
                length += channel().write(buffer);
            }
        } catch (IOException e) {
            throw new DiskException("expected to write to the part " + bytes, e);
        }
        if (!recorded && length >= WORTH_A_RECORD && isWorthKeeping()) {
            store(description);
        }
    }

    /** Whether a later attempt could go on from here. */
    private boolean isWorthKeeping() {
        return length > 0
                && description != null
                && description.validators().ifRange().isPresent();
    }

    private void store(@Nullable PartRecord value) throws DiskException {
        if (value == null) {
            return;
        }
        Path fresh = record.resolveSibling(record.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.write(fresh, value.line().getBytes(UTF_8), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(fresh, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            recorded = true;
        } catch (IOException e) {
            throw new DiskException("expected to record the part " + bytes, e);
        }
    }

    /** The digest of the bytes, of the kind of this one. */
    Digest digest(Digest kind) throws DiskException {
        try {
            return kind.of(bytes);
        } catch (IOException e) {
            throw new DiskException("expected to read the part " + bytes, e);
        }
    }

    /** Makes the bytes durable, and closes the file. */
    void complete(Forcing forcing) throws DiskException {
        try {
            forcing.force(channel());
        } catch (IOException e) {
            throw new DiskException("expected to make the part " + bytes + " durable", e);
        }
        close();
    }

    /** The file with the bytes. */
    Path file() {
        return bytes;
    }

    /** Removes the file, which has another name now, and the record. */
    void remove() throws DiskException {
        close();
        try {
            Files.deleteIfExists(bytes);
            forget();
        } catch (IOException e) {
            throw new DiskException("expected to remove the part " + bytes, e);
        }
    }

    /**
     * Ends an attempt that has not completed the file. The thread must not be interrupted.
     *
     * @return what a later attempt may go on from; null if that is nothing, and then nothing is left
     */
    @Nullable
    LeftPart leave(Forcing forcing) throws DiskException {
        PartRecord known = description;
        if (!isWorthKeeping() || known == null) {
            remove();
            return null;
        }
        try {
            if (channel == null || !channel.isOpen()) {
                // An interrupt closes it.
                channel = FileChannel.open(bytes, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            }
            forcing.force(channel);
            PartRecord durable = known.withDurable(channel.size());
            store(durable);
            return new LeftPart(bytes, record, durable);
        } catch (IOException e) {
            throw new DiskException("expected to keep the part " + bytes, e);
        } finally {
            close();
        }
    }

    private void close() throws DiskException {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new DiskException("expected to close the part " + bytes, e);
        } finally {
            channel = null;
        }
    }
}
