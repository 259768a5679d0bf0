package dev.thrum.store.backup;

import dev.thrum.base.IoWords;
import dev.thrum.database.Source;
import dev.thrum.database.dialect.Fault;
import dev.thrum.database.dialect.Folders;
import dev.thrum.database.dialect.Sqlite;
import dev.thrum.store.StoreSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The restoring of a database from a backup. The copy is checked, not the backup, because the copy will be used. */
record Restoration(Path backup, Path folder) {
    /** The first bytes of every SQLite file (https://www.sqlite.org/fileformat.html, section 1.3). */
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** The length of the magic and of the page size after it, two bytes in which 1 means 65,536. */
    private static final int HEAD = MAGIC.length + 2;

    Backup.Restored run() throws IOException {
        requireBackup();
        List<Path> made = Folders.make(folder);
        boolean done = false;
        try {
            requireEmpty();
            Backup.Restored restored = intoFolder();
            done = true;
            return restored;
        } finally {
            if (!done) {
                Folders.remove(made);
            }
        }
    }

    private void requireBackup() throws IOException {
        if (!Files.isRegularFile(backup)) {
            throw new IOException("expected a backup but there is no file " + backup);
        }
        try (InputStream in = Files.newInputStream(backup)) {
            byte[] head = in.readNBytes(HEAD);
            if (head.length < HEAD || !Arrays.equals(MAGIC, 0, MAGIC.length, head, 0, MAGIC.length)) {
                throw notOurs("it is not an SQLite file", null);
            }
            int page = ByteBuffer.wrap(head).getShort(MAGIC.length) & 0xffff;
            // SQLite itself would read the missing part of the last page as zeros.
            if (Files.size(backup) % (page == 1 ? 1 << 16 : Math.max(page, 512)) != 0) {
                throw notOurs("it is truncated; use another one", null);
            }
        } catch (FileSystemException e) {
            throw new IOException("cannot read " + backup + ": " + IoWords.of(e), e);
        }
        Path log = backup.resolveSibling(backup.getFileName() + "-wal");
        if (Files.exists(log) && Files.size(log) > 0) {
            throw notOurs(
                    "it is in use, or was copied while it was in use: part of it is in " + log
                            + ". Make a backup with thrum backup",
                    null);
        }
    }

    private void requireEmpty() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            // The lock file, which processes leave behind, is not data.
            Optional<Path> first = files.filter(
                            file -> !file.getFileName().toString().equals(Sqlite.LOCK))
                    .findFirst();
            if (first.isPresent()) {
                throw new IOException("expected an empty folder to restore into but " + folder + " holds "
                        + first.get().getFileName() + ": name another, or move its contents elsewhere");
            }
        }
    }

    private Backup.Restored intoFolder() throws IOException {
        Path target = folder.resolve(Sqlite.FILE);
        try (PartFile part = PartFile.in(folder, Sqlite.FILE)) {
            copy(part.path());
            Contents contents = checked(new Sqlite(part.path()));
            part.sync();
            part.publish(target);
            return new Backup.Restored(target, contents.users(), contents.accounts());
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("expected an empty folder to restore into but " + target + " has appeared", e);
        } catch (FileSystemException e) {
            throw new IOException("cannot write into " + folder + ": " + IoWords.of(e), e);
        }
    }

    private void copy(Path target) throws IOException {
        try (FileChannel from = FileChannel.open(backup, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
            long size = from.size();
            long copied = 0;
            long count = 1;
            while (copied < size && count > 0) {
                count = from.transferTo(copied, size - copied, to);
                copied += count;
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot copy " + backup + " to " + folder + ": " + IoWords.of(e), e);
        }
    }

    /** Checks the tables first: for a database of another program, that gives the clearer message. */
    private Contents checked(Sqlite copy) throws IOException {
        Optional<String> objection = StoreSchema.objection(Source.schemaTarget(copy));
        if (objection.isPresent()) {
            throw notOurs(objection.get(), null);
        }
        try {
            return Contents.of(copy, Contents.Check.INTEGRITY);
        } catch (SQLException e) {
            if (copy.fault(e).kind() == Fault.Kind.TIMEOUT) {
                throw interrupted(e);
            }
            throw notOurs(e.getMessage() + "; use another one", e);
        }
    }

    private IOException notOurs(String why, @Nullable Throwable cause) {
        return new IOException("expected " + backup + " to be a backup of Thrum but " + why, cause);
    }

    private InterruptedIOException interrupted(Exception cause) {
        InterruptedIOException e = new InterruptedIOException("restoring " + backup + " was interrupted");
        e.initCause(cause);
        return e;
    }
}
