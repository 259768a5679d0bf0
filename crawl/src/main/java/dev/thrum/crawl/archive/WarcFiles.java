package dev.thrum.crawl.archive;

import dev.thrum.crawl.archive.Checkpoint.Position;
import dev.thrum.crawl.archive.OutputOptions.Warc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The WARC files of a crawl, of which the last is written to. A file is begun with the first exchange after the one
 * before it has reached its size. Owned by one thread.
 */
final class WarcFiles implements AutoCloseable {
    private final Path folder;
    private final OutputOptions options;
    private final FileCalls calls;
    private final WarcRecords records;

    /**
     * The file that is written to; null before the first exchange and after a change of the format. Sink and file come
     * and go together.
     */
    private @Nullable AppendFile file;

    private @Nullable RecordSink sink;

    /** The end of the last file, but for its length. */
    private Position last;

    private Position durable;
    private boolean namesChanged;

    private WarcFiles(Path folder, OutputOptions options, FileCalls calls, Position last) {
        this.folder = folder;
        this.options = options;
        this.calls = calls;
        this.records = new WarcRecords(options.random());
        this.last = last;
        this.durable = last;
    }

    /** The files in a folder, cut back to a position; the folder may be missing if there was none. */
    static WarcFiles open(Path folder, OutputOptions options, FileCalls calls, Position position) throws IOException {
        WarcFiles files = new WarcFiles(folder, options, calls, position);
        if (position.number() > 0 || Files.exists(folder)) {
            files.cutBack();
        }
        return files;
    }

    private void cutBack() throws IOException {
        if (last.number() > 0) {
            AppendFile.requireLength(path(last), last.length());
        }
        List<Path> begun = new ArrayList<>();
        long earlier = 0;
        int found = 0;
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                int number = number(entry);
                if (number > last.number()) {
                    begun.add(entry);
                } else if (number > 0 && number < last.number()) {
                    earlier += Files.size(entry);
                    found++;
                }
            }
        }
        if (last.number() > 0 && (found != last.number() - 1 || earlier != last.earlier())) {
            throw new IOException("expected " + (last.number() - 1) + " files with " + last.earlier() + " bytes before "
                    + path(last) + " but there are " + found + " with " + earlier
                    + ": bring back those that are missing or were changed, or begin a new crawl");
        }
        if (last.number() > 0) {
            reopen();
        }
        // Not before the others are known to be whole: until then nothing was changed.
        for (Path entry : begun) {
            Files.delete(entry);
        }
    }

    private void reopen() throws IOException {
        AppendFile reopened = AppendFile.open(path(last), calls, last.length());
        boolean goesOn = options.warc() == (last.gzip() ? Warc.GZIP : Warc.PLAIN);
        if (goesOn) {
            file = reopened;
            sink = sink(reopened);
        } else {
            reopened.close();
        }
    }

    /** The number in the name of a file; 0 if it is none of these files. */
    private static int number(Path entry) {
        return WarcName.of(entry).map(WarcName::number).orElse(0);
    }

    private Path path(Position position) {
        return folder.resolve(new WarcName(position.number(), position.gzip()).toString());
    }

    private RecordSink sink(AppendFile target) {
        return options.warc() == Warc.GZIP ? new GzipMembers(target, options.level()) : new RecordSink.Plain(target);
    }

    /**
     * Writes the records of an exchange, all into one file; returns where its payload is, null if it is nowhere or not
     * whole.
     */
    @Nullable
    Archived add(Exchange exchange) throws IOException {
        if (options.warc() == Warc.OFF) {
            return null;
        }
        if (file != null && file.length() >= options.warcSize()) {
            end(file);
        }
        RecordSink open = file == null || sink == null ? begin() : sink;
        return records.exchange(open, last.info(), exchange);
    }

    private void end(AppendFile full) throws IOException {
        full.force();
        last = at(full.length());
        close();
    }

    private Position at(long length) {
        return new Position(last.number(), last.gzip(), length, last.earlier(), last.info());
    }

    private RecordSink begin() throws IOException {
        Files.createDirectories(folder);
        boolean gzip = options.warc() == Warc.GZIP;
        long earlier = last.earlier() + last.length();
        Position next = new Position(last.number() + 1, gzip, 0, earlier, last.info());
        Path path = path(next);
        AppendFile created = AppendFile.create(path, calls);
        file = created;
        RecordSink begun = sink(created);
        sink = begun;
        namesChanged = true;
        UUID info = records.info(
                begun, String.valueOf(path.getFileName()), options.clock().instant(), options.info());
        last = new Position(next.number(), gzip, 0, earlier, info);
        return begun;
    }

    /** Makes all files durable. */
    void force() throws IOException {
        if (file != null) {
            file.force();
        }
        if (namesChanged) {
            calls.forceNames(folder);
            // The folder itself was perhaps made for the first file.
            calls.forceNames(folder.resolveSibling("."));
            namesChanged = false;
        }
        durable = file == null ? last : at(file.durable());
    }

    /** What would be there after a power failure. */
    Position durable() {
        return durable;
    }

    /** Closes the last file; what was not forced is lost. Idempotent. */
    @Override
    public void close() throws IOException {
        try {
            if (sink != null) {
                sink.close();
            }
            if (file != null) {
                file.close();
            }
        } finally {
            sink = null;
            file = null;
        }
    }
}
