package dev.thrum.tls;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of the certificates of a server, read at start and again when their content changes. One thread at a time may
 * use it.
 *
 * <p>The content decides, not the time of the file: a file that was written shortly before it was read is read again at the
 * next check, because its next change may get the same time. Files that are replaced while they are read don't match or are
 * damaged; such a failure leaves the last good certificates in place, and the next check tries again.
 */
final class CertificateFiles {
    /** Two changes within this time may leave a file with the same attributes: file systems count in up to 2 seconds. */
    private static final Duration GRANULARITY = Duration.ofSeconds(3);

    private final List<Pair> pairs;
    private final Clock clock;
    private final Stamps stamps;

    // Owned by the thread that calls: the files as they were when all pairs were loaded for the last time.
    private Map<Path, Known> loaded = Map.of();

    // Owned by the thread that calls: the failure that check has reported last, until a check succeeds.
    private @Nullable String lastFailure;

    /** The two files of a certificate, possibly the same one, and the password of the key. */
    static final class Pair {
        private final Path chain;
        private final Path key;
        private final char @Nullable [] password;

        /** @param password null if the key is not encrypted; copied */
        Pair(Path chain, Path key, char @Nullable [] password) {
            this.chain = chain;
            this.key = key;
            this.password = password == null ? null : password.clone();
        }

        /** The files, without the password. */
        @Override
        public String toString() {
            return "Pair[" + chain + ", " + key + "]";
        }
    }

    /** What a check has found. */
    sealed interface Check {
        /** All files have the content that was loaded. */
        record Unchanged() implements Check {}

        /**
         * Other content, which is in order.
         *
         * @param keys of the pairs, in their order
         */
        record Changed(List<CertifiedKey> keys) implements Check {}

        /**
         * Other content, which can't be used; the next check tries again.
         *
         * @param message one line
         * @param isNew whether the check before has not reported the same: only then it belongs in the log
         */
        record Failed(String message, boolean isNew) implements Check {}
    }

    /** The attributes of a file that change with its content, as far as the file system has them. */
    record Stamp(
            long size,
            FileTime modified,
            @Nullable Object inode,
            @Nullable FileTime changed) {
        static Stamp of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey(), changed(path));
        }

        /** The time of the last change of the file's attributes, which a copy that keeps the times does not keep. */
        private static @Nullable FileTime changed(Path path) throws IOException {
            try {
                return (FileTime) Files.getAttribute(path, "unix:ctime");
            } catch (UnsupportedOperationException | IllegalArgumentException e) {
                return null;
            }
        }

        boolean isRecent(Instant now) {
            Instant settled = now.minus(GRANULARITY);
            return modified.toInstant().isAfter(settled)
                    || (changed != null && changed.toInstant().isAfter(settled));
        }
    }

    /** Reads the attributes of a file. */
    interface Stamps {
        Stamp of(Path path) throws IOException;
    }

    /** A file as it was read: whether its attributes alone can tell that it is still the same. */
    private record Known(@Nullable Stamp stamp, boolean isSettled, String digest) {}

    private record Read(PemFile file, Known known) {}

    CertificateFiles(List<Pair> pairs, Clock clock) {
        this(pairs, clock, Stamp::of);
    }

    CertificateFiles(List<Pair> pairs, Clock clock, Stamps stamps) {
        this.pairs = List.copyOf(pairs);
        this.clock = clock;
        this.stamps = stamps;
    }

    /**
     * Reads all pairs.
     *
     * @return their keys and certificates, in the order of the pairs
     * @throws TlsConfigException if one can't be used; then {@link #changed} compares with what was loaded before
     */
    List<CertifiedKey> load() throws TlsConfigException {
        Map<Path, Read> files = new HashMap<>();
        List<CertifiedKey> keys = new ArrayList<>();
        for (Pair pair : pairs) {
            PemFile chain = read(files, pair.chain, Pem.CERTIFICATE_FILE);
            keys.add(Pem.pair(chain, read(files, pair.key, Pem.KEY_FILE), pair.password));
        }
        Map<Path, Known> known = new HashMap<>();
        files.forEach((path, read) -> known.put(path, read.known()));
        loaded = known;
        return List.copyOf(keys);
    }

    /** Whether the content of a file is not what was loaded; also if it can't be read. */
    boolean changed() {
        for (Map.Entry<Path, Known> entry : loaded.entrySet()) {
            Known now = current(entry.getKey(), entry.getValue());
            if (now == null || !now.digest().equals(entry.getValue().digest())) {
                return true;
            }
            entry.setValue(now);
        }
        return false;
    }

    /** Loads the files if they have changed. */
    Check check() {
        if (!changed()) {
            lastFailure = null;
            return new Check.Unchanged();
        }
        try {
            List<CertifiedKey> keys = load();
            lastFailure = null;
            return new Check.Changed(keys);
        } catch (TlsConfigException e) {
            String message = String.valueOf(e.getMessage());
            boolean isNew = !message.equals(lastFailure);
            lastFailure = message;
            return new Check.Failed(message, isNew);
        }
    }

    private PemFile read(Map<Path, Read> files, Path path, String role) throws TlsConfigException {
        Read known = files.get(path);
        if (known == null) {
            known = read(path, role);
            files.put(path, known);
        }
        return known.file().as(role);
    }

    private Read read(Path path, String role) throws TlsConfigException {
        // Before the content: what is written while it is read changes the stamp.
        Stamp stamp = stamp(path);
        PemFile file = PemFile.read(path, role);
        boolean isSettled = stamp != null && !stamp.isRecent(clock.instant());
        return new Read(file, new Known(stamp, isSettled, digest(file)));
    }

    /** The file as it is now; null if it can't be read. */
    private @Nullable Known current(Path path, Known known) {
        Stamp stamp = stamp(path);
        if (stamp == null) {
            return null;
        }
        if (known.isSettled() && stamp.equals(known.stamp())) {
            return known;
        }
        try {
            return read(path, Pem.CERTIFICATE_FILE).known();
        } catch (TlsConfigException e) {
            // Loading it will say why.
            return null;
        }
    }

    private @Nullable Stamp stamp(Path path) {
        try {
            return stamps.of(path);
        } catch (IOException e) {
            // Reading it will say why.
            return null;
        }
    }

    private static String digest(PemFile file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.content()));
        } catch (NoSuchAlgorithmException e) {
            // Every JDK has SHA-256.
            throw new IllegalStateException(e);
        }
    }
}
