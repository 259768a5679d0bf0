package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The journal of a frontier: segments with consecutive numbers, of which the last is appended to. Guarded by the lock of its frontier. */
final class Journal {
    private static final int LARGEST_SPARE = 4 * 1024 * 1024;

    private final int segmentBytes;
    private final List<Segment> segments;
    private final RecordWriter writer = new RecordWriter();
    private final PageCache pages = new PageCache();
    /** What a full segment had its last records in, for one that is begun. */
    private byte[] spare = {};

    private byte[] scratch = new byte[1024];

    /** The page that is stored in a record of the last segment, and where that is; 0 if in none. */
    private String lastPage = "";

    private int lastPageAt;

    /** The segments that were begun since the last commit. */
    private int begun;

    Journal(int segmentBytes, List<Segment> segments) {
        this.segmentBytes = segmentBytes;
        this.segments = new ArrayList<>(segments);
    }

    Segment first() {
        return segments.getFirst();
    }

    Segment last() {
        return segments.getLast();
    }

    private Segment segment(long position) {
        return segments.get(Segment.number(position) - first().number());
    }

    private Segment room() {
        if (last().length() >= segmentBytes) {
            writer.begin(RecordType.END).finish();
            append(last());
            last().fill();
            segments.add(Segment.create(last().number() + 1, spare));
            spare = new byte[0];
            lastPageAt = 0;
            begun++;
        }
        return last();
    }

    private int append(Segment segment) {
        return segment.append(writer.array(), writer.start(), writer.length());
    }

    /** Appends a URL that is not done, and returns its position. */
    long add(NewUrl url, int depth) {
        return add(url, depth, room());
    }

    /** Appends a URL right after the record before, even if its segment is large enough. */
    long addNext(NewUrl url, int depth) {
        return add(url, depth, last());
    }

    private long add(NewUrl url, int depth, Segment segment) {
        boolean again = lastPageAt > 0 && url.from().equals(lastPage);
        UrlRecord.write(writer, url, depth, again ? segment.length() - lastPageAt : 0);
        int offset = append(segment);
        if (!again) {
            lastPage = url.from();
            lastPageAt = offset;
        }
        segment.countAdded(writer.length());
        segment.countLive(1);
        return Segment.position(segment.number(), offset);
    }

    /** The length of the record that was appended last. */
    int lastLength() {
        return writer.length();
    }

    /** Appends that a URL is done. */
    void done(Fingerprint fingerprint, int depth, byte[] note) {
        Segment segment = room();
        writer.begin(RecordType.DONE)
                .fingerprint(fingerprint)
                .octet(Math.min(depth, KnownSet.DEEPEST))
                .bytes(note, 0, note.length)
                .finish();
        append(segment);
    }

    /** Notes that the URL at a position is done. */
    void release(long position) {
        segment(position).countLive(-1);
    }

    /** Appends that a URL was found at a lesser depth. */
    void depth(Fingerprint fingerprint, int depth) {
        Segment segment = room();
        writer.begin(RecordType.DEPTH).fingerprint(fingerprint).octet(depth).finish();
        append(segment);
    }

    /**
     * A URL that was read.
     *
     * @param length of its record
     */
    record Stored(NewUrl url, int length) {}

    /** Reads a URL. */
    Stored read(long position) throws IOException {
        Segment segment = segment(position);
        int offset = Segment.offset(position);
        UrlRecord found = record(segment, offset);
        int length = segment.cursor().length();
        Fingerprint fingerprint = found.fingerprint();
        String url = found.url();
        String host = found.host();
        int back = found.back();
        String page = back == 0 ? found.page() : page(segment, offset - back);
        return new Stored(new NewUrl(fingerprint, url, host, found.shape(), found.depth(), page, found.kind()), length);
    }

    private String page(Segment segment, int offset) throws IOException {
        UrlRecord found = record(segment, offset);
        if (found.back() != 0) {
            throw segment.cursor().broken("expected a record with a page");
        }
        return found.page();
    }

    private UrlRecord record(Segment segment, int offset) throws IOException {
        if (offset < FileHeader.LENGTH || offset >= segment.length()) {
            throw new BrokenFileException(segment.name(), offset, "expected a record there");
        }
        int boundary = offset < segment.written() ? segment.written() : segment.length();
        int available = Math.min(RecordWriter.LONGEST_PREFIX, boundary - offset);
        segment.read(offset, scratch, available, pages);
        long length = RecordCursor.recordLength(scratch, 0, available);
        if (length <= 0 || length > boundary - offset) {
            throw new BrokenFileException(segment.name(), offset, "expected the length of a record");
        }
        if (length > scratch.length) {
            scratch = new byte[(int) length];
        }
        segment.read(offset, scratch, (int) length, pages);
        if (segment.cursor().begin(scratch, 0, (int) length, offset) != RecordType.ADDED) {
            throw segment.cursor().broken("expected a URL");
        }
        return UrlRecord.parse(segment.cursor());
    }

    /** How many segments a commit may remove: as many as were begun since the last one, and one more, so that they don't become more and more. */
    int slices() {
        int count = begun + 1;
        begun = 0;
        return count;
    }

    /** The first segment, if it can be removed and at most half of the journal is of URLs that are not done. */
    Optional<Segment> firstToRemove() {
        if (!first().isFullAndWritten()) {
            return Optional.empty();
        }
        long all = 0;
        long live = 0;
        for (Segment segment : segments.subList(0, segments.size() - 1)) {
            all += segment.length();
            live += segment.liveBytes();
        }
        return live * 2 <= all ? Optional.of(first()) : Optional.empty();
    }

    void removeFirst() {
        segments.removeFirst();
    }

    /** The bytes that are not in files yet, in their order. */
    List<Segment.Unwritten> unwritten() {
        return segments.stream()
                .map(Segment::unwritten)
                .filter(part -> part.length() > 0)
                .toList();
    }

    /** Notes that this is in its file; nobody reads the bytes any more. */
    void wrote(Segment.Unwritten part) {
        Segment segment = part.segment();
        segment.wrote(part.length());
        if (segment.isFullAndWritten()) {
            byte[] room = segment.takeRoom();
            spare = room.length <= LARGEST_SPARE ? room : spare;
        }
    }

    /** The size of {@link #unwritten}: that of the last segments. */
    long unwrittenBytes() {
        long sum = 0;
        for (int i = segments.size() - 1; i >= 0 && segments.get(i).unwrittenBytes() > 0; i--) {
            sum += segments.get(i).unwrittenBytes();
        }
        return sum;
    }
}
