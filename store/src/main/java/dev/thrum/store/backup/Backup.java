package dev.thrum.store.backup;

import dev.thrum.base.IoWords;
import dev.thrum.database.Source;
import dev.thrum.database.dialect.Fault;
import dev.thrum.database.dialect.Folders;
import dev.thrum.database.dialect.Sqlite;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes backups of the embedded database while it is in use, even by another program. Immutable.
 *
 * <p>A backup holds the state of one moment after the call began, and so everything that was acknowledged before. It is
 * checked and forced to disk before it gets its name; a backup that fails or is interrupted leaves nothing. A program
 * that is killed leaves at most files with {@code .part} in their names.
 */
public final class Backup {

    /*
     * Why VACUUM INTO, and not the backup interface of SQLite (https://www.sqlite.org/backup.html)
     *
     * Both are online. The backup interface copies page by page, and restarts whenever another connection writes between
     * two of its steps: under steady writing it would never end, unless it copies everything in one step, which then
     * can't be interrupted. VACUUM INTO reads from one snapshot, which the write-ahead log keeps for it: it does not
     * block writers or wait for them, and it ends. It reads every row and rebuilds the indexes, where a copy of pages
     * would copy damage unnoticed; its output has no free pages and needs no write-ahead log. It costs more CPU: about
     * 2 s of the 6 s that a GB takes with checks and disk. With either, the write-ahead log can't be truncated meanwhile
     * and grows by what is written.
     *
     * Its documentation does not promise a sync, so the copy is forced to disk before it gets its name.
     */

    /**
     * A backup that was made.
     *
     * @param bytes its size
     */
    public record Written(Path file, long bytes) {}

    /**
     * A database that was restored.
     *
     * @param file where it is now
     */
    public record Restored(Path file, long users, long accounts) {}

    /** How long another program may keep the database locked. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** An unfinished backup that was not modified for this long is abandoned. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private static final int MOST_IN_A_SECOND = 9_999;

    private final Sqlite database;
    private final InstantSource clock;

    /**
     * Prepares backups of this database.
     *
     * @param clock for the names of files
     * @throws IllegalArgumentException if it is not the embedded database
     */
    public Backup(Source source, InstantSource clock) {
        if (!(source.dialect() instanceof Sqlite embedded)) {
            throw new IllegalArgumentException("expected the embedded database but the data is in " + source
                    + ": back it up with pg_dump, and restore it with pg_restore");
        }
        this.database = embedded;
        this.clock = clock;
    }

    /**
     * Makes a backup with this name.
     *
     * @param file must not exist, but its folder must
     * @throws IOException if it can't be made; the message names the remedy
     */
    public Written to(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(file, null);
        }
        try (PartFile part = part(file)) {
            long bytes = write(part);
            part.publish(file);
            return new Written(file, bytes);
        } catch (FileAlreadyExistsException e) {
            throw taken(file, e);
        }
    }

    /**
     * Makes a backup that is named after the time, such as {@code thrum-20261120-082000.db} (UTC).
     *
     * @param folder the folder for the backup; created if it is missing
     * @throws IOException if it can't be made; the message names the remedy
     */
    public Written into(Path folder) throws IOException {
        Instant now = clock.instant();
        Folders.make(folder);
        try (PartFile part = part(folder.resolve(BackupNames.name(now, 1)))) {
            long bytes = write(part);
            return new Written(publish(part, folder, now), bytes);
        }
    }

    /**
     * Makes a backup that is named after the time. Then deletes all but the newest backups with such names, and
     * unfinished files of programs that were killed.
     *
     * @param keep the number of backups to keep, this one included; at least 1
     * @throws IOException if it can't be made, or old ones can't be deleted; the message names the remedy
     */
    public Written into(Path folder, int keep) throws IOException {
        if (keep < 1) {
            throw new IllegalArgumentException("expected to keep at least 1 backup but was " + keep);
        }
        Written written = into(folder);
        // The one just made stays even if the clock was set back.
        String newest = written.file().getFileName().toString();
        List<Path> old = BackupNames.in(folder).stream()
                .filter(file -> !file.equals(written.file()))
                // Backups that a wrong clock has dated later are neither counted nor deleted.
                .filter(file -> file.getFileName().toString().compareTo(newest) < 0)
                .skip(keep - 1L)
                .toList();
        List<Path> all = new ArrayList<>(old);
        all.addAll(BackupNames.unfinished(folder, clock.instant().minus(ABANDONED)));
        for (Path file : all) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new IOException(
                        "made " + written.file() + " but cannot delete the old " + file + ": " + IoWords.of(e), e);
            }
        }
        return written;
    }

    /** The time when the newest backup named after the time was made; empty if there is none, or no such folder. */
    public static Optional<Instant> latest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        List<Path> all = BackupNames.in(folder);
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(Files.getLastModifiedTime(all.getFirst()).toInstant());
    }

    /**
     * Checks a backup and creates a database from it.
     *
     * @param folder for the database; must be missing or empty
     * @throws IOException if the folder is not empty, or the file is not a backup that this program can use; the message
     *     names the remedy
     */
    public static Restored restore(Path backup, Path folder) throws IOException {
        return new Restoration(backup, folder).run();
    }

    private static PartFile part(Path file) throws IOException {
        Path folder = folderOf(file);
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    "expected a folder " + folder + " but there is none: create it, or name another file");
        }
        try {
            return PartFile.in(folder, String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new IOException("cannot write into " + folder + ": " + IoWords.of(e), e);
        }
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** Writes the whole copy, checks it and forces it to disk; returns its size. */
    private long write(PartFile part) throws IOException {
        if (!Files.isRegularFile(database.file())) {
            throw new IOException("expected a database " + database.place() + " but there is none");
        }
        try {
            vacuumInto(part.path());
            Contents.of(new Sqlite(part.path()), Contents.Check.QUICK);
            part.sync();
            return Files.size(part.path());
        } catch (SQLException e) {
            throw failure(e, part);
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw new IOException("cannot write " + part.path() + ": " + IoWords.of(e), e);
        }
    }

    private void vacuumInto(Path file) throws SQLException {
        try (Connection connection = Contents.interruptible(database.connect(false, PATIENCE));
                PreparedStatement vacuum = connection.prepareStatement("VACUUM main INTO ?")) {
            vacuum.setString(1, file.toAbsolutePath().toString());
            vacuum.executeUpdate();
        }
    }

    private IOException failure(SQLException e, PartFile part) {
        Fault fault = database.fault(e);
        if (fault.kind() == Fault.Kind.TIMEOUT) {
            return interrupted(e);
        }
        String remedy = fault.remedy().isEmpty() ? "" : fault.remedy() + " ";
        return new IOException(
                "cannot back up " + database.place() + " into " + part.path().getParent() + ": " + remedy + "("
                        + e.getMessage() + ")",
                e);
    }

    private InterruptedIOException interrupted(Exception cause) {
        InterruptedIOException e = new InterruptedIOException("the backup of " + database.place() + " was interrupted");
        e.initCause(cause);
        return e;
    }

    private static Path publish(PartFile part, Path folder, Instant time) throws IOException {
        for (int number = 1; number <= MOST_IN_A_SECOND; number++) {
            Path file = folder.resolve(BackupNames.name(time, number));
            try {
                part.publish(file);
                return file;
            } catch (FileAlreadyExistsException e) {
                // The name is taken by another backup of the same second.
            }
        }
        throw new IOException("expected at most " + MOST_IN_A_SECOND + " backups per second in " + folder);
    }

    private static IOException taken(Path file, @Nullable Throwable cause) {
        return new IOException("expected a new file but " + file + " exists already: name another", cause);
    }
}
