package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folders with the parts of this run, and of runs that have ended: each run has one of its own, with a lock file in it, so that runs at
 * the same time can't touch each other's parts and need no lock for a file. A folder whose lock is free belongs to no run, and is taken over.
 *
 * <p>Created and closed while the state folder is locked. Owned by the {@link DownloadFolder}.
 */
final class RunFolders {
    private static final String PREFIX = "run-";

    /** Of folders that their run has left in an orderly way. */
    private static final String LEFT = "left-";

    private static final String LOCK = "lock";

    private final Path state;
    private final String process;
    private final List<Owned> owned = new ArrayList<>();
    private final List<LeftPart> left = new ArrayList<>();

    private record Owned(Path folder, FileChannel lock) {}

    private RunFolders(Path state, String process) {
        this.state = state;
        this.process = process;
    }

    /** Makes a folder for this run, and takes over those of runs that have ended. */
    static RunFolders open(Path state) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        RunFolders folders = new RunFolders(state, self.pid() + "-" + started + "-");
        boolean opened = false;
        try {
            folders.adoptAll();
            folders.create();
            opened = true;
            return folders;
        } finally {
            if (!opened) {
                folders.close();
            }
        }
    }

    private void create() throws IOException {
        Path folder = free(PREFIX + process);
        Files.createDirectory(folder);
        owned.addFirst(new Owned(folder, lock(folder)));
    }

    private static FileChannel lock(Path folder) throws IOException {
        return FileLocks.tryLock(folder.resolve(LOCK))
                .orElseThrow(() -> new IOException("expected the lock of " + folder + " to be free but it is taken"));
    }

    /** A path with this prefix that nothing has. */
    private Path free(String prefix) {
        int number = 1;
        while (Files.exists(state.resolve(prefix + number), LinkOption.NOFOLLOW_LINKS)) {
            number++;
        }
        return state.resolve(prefix + number);
    }

    private void adoptAll() throws IOException {
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(state, "{" + PREFIX + "," + LEFT + "}*")) {
            for (Path run : runs) {
                // The folders of this process are in use, and closing a second channel to a lock file would unlock it.
                boolean ours = String.valueOf(run.getFileName()).startsWith(PREFIX + process);
                if (!ours && Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)) {
                    adopt(run);
                }
            }
        }
    }

    private void adopt(Path abandoned) throws IOException {
        try (FileChannel lock = FileLocks.tryLock(abandoned.resolve(LOCK)).orElse(null)) {
            if (lock == null) {
                return;
            }
        }
        // With a name of ours, so that this process never locks it a second time.
        Path run = free(PREFIX + process);
        Files.move(abandoned, run);
        owned.add(new Owned(run, lock(run)));
        List<LeftPart> found = new ArrayList<>();
        try (DirectoryStream<Path> records = Files.newDirectoryStream(run, "*" + Part.RECORD)) {
            for (Path record : records) {
                leftPart(record).ifPresent(found::add);
            }
        }
        removeAllBut(run, found);
        left.addAll(found);
    }

    /** The part with this record, if a later run can go on from it. */
    private static Optional<LeftPart> leftPart(Path record) throws IOException {
        String name = String.valueOf(record.getFileName());
        Path bytes = record.resolveSibling(name.substring(0, name.length() - Part.RECORD.length()) + Part.BYTES);
        if (!isPlainFile(record) || !isPlainFile(bytes)) {
            return Optional.empty();
        }
        return PartRecord.parse(new String(Files.readAllBytes(record), UTF_8))
                .map(description -> new LeftPart(bytes, record, description));
    }

    /** Whether it is a file with this name only: one with another name may be complete, or not ours. */
    private static boolean isPlainFile(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        boolean counted = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        return !counted
                || Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                        .equals(1);
    }

    /** Removes what a killed run has left besides the parts that are kept. */
    private static void removeAllBut(Path run, List<LeftPart> kept) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(run)) {
            for (Path entry : entries) {
                boolean wanted = entry.endsWith(LOCK)
                        || kept.stream()
                                .anyMatch(part -> part.bytes().equals(entry)
                                        || part.record().equals(entry));
                if (!wanted && !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    /** The folder for the parts of this run. */
    Path own() {
        return owned.getFirst().folder();
    }

    /** The parts of the runs that have ended. */
    List<LeftPart> left() {
        return List.copyOf(left);
    }

    /** Removes the folders without parts, and lets go of the others. */
    void close() throws IOException {
        for (Owned run : owned) {
            run.lock().close();
        }
        for (Owned run : owned) {
            if (isEmpty(run.folder())) {
                Files.deleteIfExists(run.folder().resolve(LOCK));
                Files.deleteIfExists(run.folder());
            } else {
                Files.move(run.folder(), free(LEFT + process));
            }
        }
        owned.clear();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!entry.endsWith(LOCK)) {
                    return false;
                }
            }
            return true;
        }
    }
}
