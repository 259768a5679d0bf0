package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of the journal: records are appended until it is large enough. The last ones are only in memory, until a commit writes them.
 *
 * <p>Guarded by the lock of its frontier. The file is written by the thread that commits, without that lock.
 */
final class Segment {
    private static final Pattern NAME = Pattern.compile("journal-[0-9]{8,}");
    private static final int SMALLEST_TAIL = 64 * 1024;

    private final int number;
    private final String name;
    private final RecordCursor cursor;

    /** Null before the first commit. Changed by the thread that commits, under the lock. */
    private @Nullable StateFile file;

    /** The bytes that are not in the file yet. */
    private byte[] tail = {};

    private int tailLength;
    private int written;
    private boolean full;

    /** The URLs that were added here, the size of their records, and how many of them are not done. */
    private int added;

    private long addedBytes;
    private int live;

    private Segment(int number, String shownName) {
        this.number = number;
        this.name = name(number);
        this.cursor = new RecordCursor(shownName);
    }

    /**
     * A new segment, which is not in a file yet.
     *
     * @param room in which what is appended is kept, as long as there is enough; nobody else uses it any more
     */
    static Segment create(int number, byte[] room) {
        Segment segment = new Segment(number, name(number));
        segment.tail = room;
        byte[] header = FileHeader.JOURNAL.bytes(number);
        segment.append(header, 0, header.length);
        return segment;
    }

    /**
     * A segment that was written.
     *
     * @param full whether another one follows
     */
    static Segment open(int number, StateFile file, int length, boolean full) {
        Segment segment = new Segment(number, file.name());
        segment.file = file;
        segment.written = length;
        segment.full = full;
        return segment;
    }

    static String name(int number) {
        return String.format(Locale.ROOT, "journal-%08d", number);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** A place in the journal. */
    static long position(int segment, int offset) {
        return (long) segment << Integer.SIZE | offset;
    }

    static int number(long position) {
        return (int) (position >>> Integer.SIZE);
    }

    static int offset(long position) {
        return (int) position;
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    RecordCursor cursor() {
        return cursor;
    }

    int length() {
        return written + tailLength;
    }

    int written() {
        return written;
    }

    /** The file; there is one after the first commit. */
    StateFile file() {
        return Objects.requireNonNull(file, "a segment that was not written yet");
    }

    boolean hasFile() {
        return file != null;
    }

    void setFile(StateFile value) {
        file = value;
    }

    /** Appends bytes, and returns where they are. */
    int append(byte[] source, int from, int count) {
        int needed = Math.addExact(tailLength, count);
        if (needed > tail.length) {
            tail = Arrays.copyOf(tail, Math.max(Math.max(needed, SMALLEST_TAIL), tail.length + tail.length / 2));
        }
        int offset = length();
        System.arraycopy(source, from, tail, tailLength, count);
        tailLength = needed;
        return offset;
    }

    /** Nothing is appended any more. */
    void fill() {
        full = true;
    }

    /** Whether another segment follows, and everything of this one is in its file. */
    boolean isFullAndWritten() {
        return full && tailLength == 0;
    }

    /** Reads bytes, which are all written or all not. */
    void read(int offset, byte[] target, int count, PageCache pages) throws IOException {
        if (offset < written) {
            pages.read(this, offset, target, count);
        } else {
            System.arraycopy(tail, offset - written, target, 0, count);
        }
    }

    int unwrittenBytes() {
        return tailLength;
    }

    /** The bytes that are to be written. */
    Unwritten unwritten() {
        return new Unwritten(this, tail, tailLength, written);
    }

    /** Notes that the first bytes of the tail are in the file; nobody reads what {@link #unwritten} returned any more. */
    void wrote(int count) {
        written += count;
        tailLength -= count;
        System.arraycopy(tail, count, tail, 0, tailLength);
    }

    /** Gives away the room of a segment to which nothing is appended any more, for another one. */
    byte[] takeRoom() {
        byte[] room = tail;
        tail = new byte[0];
        return room;
    }

    void countAdded(int bytes) {
        added++;
        addedBytes += bytes;
    }

    void countLive(int change) {
        live += change;
    }

    /** About the bytes of the records whose URLs are not done. */
    long liveBytes() {
        return added == 0 ? 0 : addedBytes * live / added;
    }

    /**
     * Bytes to be written to the file of a segment.
     *
     * @param bytes which no longer change up to the length
     * @param at where they belong
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Unwritten(Segment segment, byte[] bytes, int length, int at) {}
}
