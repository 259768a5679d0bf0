package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a frontier that is opened. The first pass finds out which URLs are done and their depths, the second one queues those that are not, and
 * passes the notes of the others.
 */
final class Replay {
    private final SeenFile seen;
    private final List<Segment> segments;
    private final KnownSet known;
    private final WaitingUrls waiting;

    Replay(SeenFile seen, List<Segment> segments, KnownSet known, WaitingUrls waiting) {
        this.seen = seen;
        this.segments = segments;
        this.known = known;
        this.waiting = waiting;
    }

    /** Opens the segments that a commit counts, cuts the last one, and deletes others. */
    static List<Segment> openSegments(StateFolder folder, Commit commit) throws IOException {
        List<Segment> segments = new ArrayList<>();
        List<String> names = folder.names();
        List<String> counted = new ArrayList<>();
        for (int number = commit.firstSegment(); number <= commit.lastSegment(); number++) {
            String name = Segment.name(number);
            if (!names.contains(name)) {
                throw new BrokenFileException(name, 0, "expected this file in " + folder);
            }
            counted.add(name);
            segments.add(open(folder.open(name), number, commit));
        }
        for (String name : names) {
            if (Segment.isName(name) && !counted.contains(name)) {
                folder.delete(name);
            }
        }
        return segments;
    }

    private static Segment open(StateFile file, int number, Commit commit) throws IOException {
        FileHeader.JOURNAL.check(file, number);
        boolean last = number == commit.lastSegment();
        if (last) {
            file.cut(commit.lastLength());
        }
        long size = file.size();
        if (size > Integer.MAX_VALUE) {
            throw new BrokenFileException(file.name(), Integer.MAX_VALUE, "expected the end of the file");
        }
        return Segment.open(number, file, (int) size, !last);
    }

    void run(Consumer<Noted> done) throws IOException {
        seen.visit(new Facts());
        for (Segment segment : segments) {
            readFacts(segment);
        }
        seen.visit(new Notes(done));
        for (Segment segment : segments) {
            queue(segment, done);
        }
    }

    private void readFacts(Segment segment) throws IOException {
        int end = segment.length();
        int[] lastRecord = {0};
        new RecordScan(segment.file()).scan(FileHeader.LENGTH, end, (type, record, position, length) -> {
            switch (type) {
                case ADDED -> {
                    UrlRecord url = UrlRecord.parse(record);
                    int _ = known.merge(url.fingerprint(), KnownSet.ADDED, url.depth());
                }
                case DONE -> {
                    int _ = known.merge(record.fingerprint(), KnownSet.DONE, record.octet());
                }
                case DEPTH -> {
                    int _ = known.merge(record.fingerprint(), 0, record.octet());
                }
                case END -> lastRecord[0] = (int) position + length;
                case SEEN -> throw record.broken("expected no finished URLs in a segment");
            }
        });
        boolean another = segment != segments.getLast();
        if (lastRecord[0] != (another ? end : 0)) {
            throw new BrokenFileException(segment.file().name(), end, "expected the end of the segment exactly there");
        }
    }

    private void queue(Segment segment, Consumer<Noted> done) throws IOException {
        new RecordScan(segment.file()).scan(FileHeader.LENGTH, segment.length(), (type, record, position, length) -> {
            if (type == RecordType.ADDED) {
                queue(segment, UrlRecord.parse(record), (int) position, length);
            } else if (type == RecordType.DONE) {
                Fingerprint fingerprint = record.fingerprint();
                int _ = record.octet();
                pass(done, fingerprint, record.copy(record.remaining()));
            }
        });
    }

    private void queue(Segment segment, UrlRecord url, int offset, int length) {
        segment.countAdded(length);
        int before = known.merge(url.fingerprint(), KnownSet.QUEUED, KnownSet.DEEPEST);
        if (!KnownSet.has(before, KnownSet.DONE | KnownSet.QUEUED)) {
            segment.countLive(1);
            waiting.addLast(url.host(), url.shape(), Segment.position(segment.number(), offset), length);
        }
    }

    private void pass(Consumer<Noted> done, Fingerprint fingerprint, byte[] note) {
        done.accept(new Noted(fingerprint, KnownSet.depth(known.state(fingerprint)), note));
    }

    /** The first pass over the finished URLs. */
    private final class Facts implements SeenFile.Visitor {
        @Override
        public void done(Fingerprint fingerprint, int depth, byte[] note) {
            int _ = known.merge(fingerprint, KnownSet.DONE, depth);
        }

        @Override
        public void depth(Fingerprint fingerprint, int depth) {
            int _ = known.merge(fingerprint, 0, depth);
        }
    }

    /** The second pass. */
    private final class Notes implements SeenFile.Visitor {
        private final Consumer<Noted> receiver;

        private Notes(Consumer<Noted> receiver) {
            this.receiver = receiver;
        }

        @Override
        public void done(Fingerprint fingerprint, int depth, byte[] note) {
            pass(receiver, fingerprint, note);
        }

        @Override
        public void depth(Fingerprint fingerprint, int depth) {
            // It was read in the first pass.
        }
    }
}
