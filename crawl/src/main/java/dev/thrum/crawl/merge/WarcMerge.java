package dev.thrum.crawl.merge;

import dev.thrum.crawl.archive.Checkpoint.Position;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.WarcName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Copies WARC files, numbered anew, without the exchanges of versions of pages that are not chosen. Records are copied as they are, compressed or not;
 * only those that a file begins with name another file. Owned by one thread.
 */
final class WarcMerge {
    private static final Set<String> RESPONSES = Set.of("response", "revisit");

    private final Path folder;
    private final PageVersions versions;
    private int last;

    /** @param folder of the new files; made with the first of them */
    WarcMerge(Path folder, PageVersions versions) {
        this.folder = folder;
        this.versions = versions;
    }

    /** Copies the files of a folder, after all of its pages. */
    void add(Source source) throws IOException {
        Position end = source.at().warc();
        if (end.number() == 0) {
            return;
        }
        Path from = source.folder().resolve(CrawlOutputs.WARC);
        SortedMap<Integer, Path> files = files(from, end.number());
        if (files.size() != end.number()) {
            throw new IOException("expected " + end.number() + " WARC files in " + from + " but there are "
                    + files.size() + ": bring back those that are missing");
        }
        Files.createDirectories(folder);
        for (Path file : files.values()) {
            WarcName name = WarcName.of(file).orElseThrow();
            long length = Files.size(file);
            if (name.number() == end.number()) {
                if (length < end.length()) {
                    throw new IOException("expected a file " + file + " of at least " + end.length()
                            + " bytes, which were durable, but it has " + length + ": bring it back");
                }
                length = end.length();
            }
            copy(file, name.gzip(), length, source);
        }
    }

    private static SortedMap<Integer, Path> files(Path from, int last) throws IOException {
        SortedMap<Integer, Path> files = new TreeMap<>();
        if (!Files.isDirectory(from)) {
            return files;
        }
        try (Stream<Path> entries = Files.list(from)) {
            entries.forEach(entry -> WarcName.of(entry)
                    .filter(name -> name.number() >= 1 && name.number() <= last)
                    .ifPresent(name -> files.put(name.number(), entry)));
        }
        return files;
    }

    private void copy(Path file, boolean gzip, long length, Source source) throws IOException {
        WarcName name = new WarcName(++last, gzip);
        try (WarcScan records = new WarcScan(file, gzip, length);
                FileChannel target = FileChannel.open(
                        folder.resolve(name.toString()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // Records that follow each other are copied together.
            long from = 0;
            String dropped = null;
            while (records.next()) {
                String type = records.field("WARC-Type");
                boolean isInfo = "warcinfo".equals(type);
                if (type != null && RESPONSES.contains(type)) {
                    dropped = isUnneeded(records, source) ? records.field("WARC-Record-ID") : null;
                }
                if (isInfo || (dropped != null && isOf(records, dropped))) {
                    records.copy(from, records.start(), target);
                    from = records.end();
                }
                if (isInfo) {
                    records.writeInfo(name.toString(), target);
                }
            }
            records.copy(from, length, target);
            target.force(true);
        }
    }

    private boolean isUnneeded(WarcScan records, Source source) {
        String url = records.field("WARC-Target-URI");
        String time = records.field("WARC-Date");
        return url != null && time != null && versions.isUnneeded(source.number(), url, time);
    }

    /** Whether a record is the response with this ID, or its request. */
    private static boolean isOf(WarcScan records, String id) {
        return id.equals(records.field("WARC-Record-ID")) || id.equals(records.field("WARC-Concurrent-To"));
    }
}
