package dev.thrum.crawl.merge;

import dev.thrum.base.Disk;
import dev.thrum.base.Folders;
import dev.thrum.crawl.crawler.CommittedCrawl;
import dev.thrum.crawl.crawler.CrawlFolderException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is written under another name, which ends with {@value #ENDING}, and gets its own when it is complete: so it is there as a whole or
 * not at all. What a process has left that was killed is removed by the next one.
 */
final class NewFolder implements AutoCloseable {
    private static final String ENDING = ".merging";

    private final Path target;
    private final Path begun;
    private final FileChannel lock;

    private NewFolder(Path target, Path begun, FileChannel lock) {
        this.target = target;
        this.begun = begun;
        this.lock = lock;
    }

    /**
     * Begins a folder.
     *
     * @throws CrawlFolderException if there is something already, or another process writes it
     */
    static NewFolder begin(Path folder) throws IOException, CrawlFolderException {
        Path target = folder.toAbsolutePath().normalize();
        if (target.getFileName() == null) {
            throw new CrawlFolderException("expected a new folder but was " + folder + ": name another one");
        }
        requireNothing(target, folder);
        Path begun = target.resolveSibling(target.getFileName() + ENDING);
        if (Files.exists(begun) && !isEmpty(begun) && !isOurs(begun)) {
            throw new CrawlFolderException("expected to write " + begun
                    + " first but it has something else: remove it, or name another folder");
        }
        FileChannel lock = CommittedCrawl.lockForMerge(begun)
                .orElseThrow(() -> new CrawlFolderException(
                        "expected to write " + folder + " but another process does: wait for it, or end it"));
        NewFolder opened = null;
        try {
            requireNothing(target, folder);
            deleteAllBut(begun, "state");
            deleteAllBut(begun.resolve("state"), "lock");
            opened = new NewFolder(target, begun, lock);
            return opened;
        } finally {
            if (opened == null) {
                lock.close();
            }
        }
    }

    private static void requireNothing(Path target, Path named) throws IOException, CrawlFolderException {
        if (Files.exists(target) && !(Files.isDirectory(target) && isEmpty(target))) {
            throw new CrawlFolderException("expected a new or empty folder but " + named
                    + " has something in it: name another one, or remove that");
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Whether a folder was begun here, and no crawl has been in it since. */
    private static boolean isOurs(Path folder) throws IOException {
        Path state = folder.resolve("state");
        if (!Files.isDirectory(state)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(state)) {
            List<String> names =
                    entries.map(entry -> entry.getFileName().toString()).toList();
            return names.isEmpty()
                    || (names.contains("lock") && names.stream().noneMatch(name -> name.matches("crawl-\\d+")));
        }
    }

    private static void deleteAllBut(Path folder, String kept) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.filter(entry -> !entry.endsWith(kept)).toList()) {
                Folders.delete(entry);
            }
        }
    }

    /** Where it is written. */
    Path path() {
        return begun;
    }

    /** Makes everything durable, and gives the folder its name. */
    void complete() throws IOException {
        Disk disk = Disk.ofSystem();
        CommittedCrawl.markMerged(begun);
        try (Stream<Path> all = Files.walk(begun)) {
            // Not the lock: whoever opens and closes that file unlocks it.
            for (Path path : all.filter(path -> !path.endsWith("lock")).toList()) {
                disk.force(path);
            }
        }
        Files.move(begun, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path parent = target.getParent();
        if (parent != null) {
            disk.force(parent);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
