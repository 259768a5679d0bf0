package dev.thrum.crawl.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of pending records, named by the position of its first byte: files that follow each other are parts of one sequence of
 * bytes, which begins with the index and of which the oldest part is gone.
 */
record PendingFile(Path path, long start) {
    private static final String NAME = "pending-";
    private static final int DIGITS = 16;

    static PendingFile at(Path folder, long start) {
        return new PendingFile(folder.resolve(String.format("%s%0" + DIGITS + "x", NAME, start)), start);
    }

    /** The files in a folder, in the order of their positions. */
    static List<PendingFile> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(PendingFile::isPending)
                    .map(path -> new PendingFile(path, start(path)))
                    .sorted((one, other) -> Long.compare(one.start(), other.start()))
                    .toList();
        }
    }

    private static boolean isPending(Path path) {
        return path.getFileName().toString().matches(NAME + "[0-7][0-9a-f]{" + (DIGITS - 1) + "}");
    }

    private static long start(Path path) {
        return Long.parseLong(path.getFileName().toString().substring(NAME.length()), 1 << 4);
    }

    /** The position after its last byte. */
    long end() throws IOException {
        return start + Files.size(path);
    }

    /** Removes the files that end at or before a position, except for the last one, which may grow. */
    static void removeUpTo(Path folder, long position) throws IOException {
        List<PendingFile> files = in(folder);
        for (int i = 0; i + 1 < files.size() && files.get(i + 1).start() <= position; i++) {
            Files.delete(files.get(i).path());
        }
    }
}
