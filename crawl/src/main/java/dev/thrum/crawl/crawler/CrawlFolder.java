package dev.thrum.crawl.crawler;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.base.Clock;
import dev.thrum.base.Folders;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.fetch.FileLocks;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.search.PageIndex;
import dev.thrum.crawl.url.Scope;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.Traps;
import dev.thrum.crawl.url.UrlIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a crawl, opened: its outputs, its index and its frontier, all of them as the last commit has left them.
 */
final class CrawlFolder implements AutoCloseable {
    static final String FRONTIER = "frontier";

    static final String STATE = "state";
    static final String LOCK = "lock";

    /** Of a crawl that is shared: the partitions that this process owns, or has owned. */
    private static final String PARTITIONS = "partitions";

    private static final int VERSION = 1;

    /**
     * Its name says the version of what is in the folder; it holds the key of the fingerprints. Made last, so a folder
     * without it has no crawl.
     */
    private static final String IDENTITY = "crawl-" + VERSION;

    private static final Pattern ANY_IDENTITY = Pattern.compile("crawl-(\\d{1,9})");

    /** The length of the key of the fingerprints. */
    static final int KEY_BYTES = 2 * Long.BYTES;

    private final FileChannel lock;
    final Frontier frontier;
    final CrawlOutputs outputs;
    final @Nullable PageIndex index;
    final UrlIdentity identity;
    final CrawlMemory memory;

    final Path path;

    private CrawlFolder(
            Opening opening, Frontier frontier, CrawlOutputs outputs, UrlIdentity identity, CrawlMemory memory) {
        this.path = opening.path;
        this.lock = opening.lock;
        this.index = opening.index;
        this.frontier = frontier;
        this.outputs = outputs;
        this.identity = identity;
        this.memory = memory;
    }

    /** Whether a folder holds a crawl. */
    static boolean isCrawl(Path folder) {
        return Files.exists(folder.resolve(STATE).resolve(IDENTITY));
    }

    /** Why a folder holds no crawl that can be opened, and what to do; empty if it does. */
    static Optional<String> fault(Path folder) throws IOException {
        if (isCrawl(folder)) {
            return Optional.empty();
        }
        if (CommittedCrawl.isMerged(folder)) {
            return Optional.of(folder + " has several, merged: name the folder of one of them");
        }
        Path state = folder.resolve(STATE);
        if (Files.isDirectory(state)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(state)) {
                for (Path entry : entries) {
                    Matcher name = ANY_IDENTITY.matcher(String.valueOf(entry.getFileName()));
                    if (name.matches()) {
                        return Optional.of(folder + " has one of version " + name.group(1) + ", and this is version "
                                + VERSION + ": use the release of Thrum that wrote it, or crawl again");
                    }
                }
            }
        }
        return Optional.of(folder + " has none: name the folder that was its --out");
    }

    /** Makes the folder of a new crawl; what is left there of a creation that was killed is removed. */
    static CrawlFolder create(Path folder, CrawlOptions options, Clock clock, RandomGenerator random)
            throws IOException, CrawlFolderException {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return create(folder, key, options, clock, random);
    }

    /** Makes the folder of a crawl whose fingerprints have this key, or opens it if it is there. */
    static CrawlFolder join(Path folder, byte[] key, CrawlOptions options, Clock clock, RandomGenerator random)
            throws IOException, CrawlFolderException {
        if (!isCrawl(folder)) {
            Files.createDirectories(folder.resolve(STATE).resolve(PARTITIONS));
            return create(folder, key, options, clock, random);
        }
        if (!Arrays.equals(key(folder), key)) {
            throw new CrawlFolderException("expected a folder without a crawl, or with this one, but " + folder
                    + " has another one: choose another folder");
        }
        return open(folder, options, clock, random);
    }

    /** Where the partitions of a crawl are that is shared. */
    Path partitions() {
        return path.resolve(STATE).resolve(PARTITIONS);
    }

    /** Whether a folder has a part of a crawl that several processes share. */
    static boolean isShared(Path folder) {
        return Files.exists(folder.resolve(STATE).resolve(PARTITIONS));
    }

    private static CrawlFolder create(
            Path folder, byte[] key, CrawlOptions options, Clock clock, RandomGenerator random)
            throws IOException, CrawlFolderException {
        Path state = folder.resolve(STATE);
        requireNoCrawl(folder);
        Files.createDirectories(state);
        Opening opening = new Opening(folder, lock(state, folder));
        try {
            // Again: another process may have made one before the lock was there.
            requireNoCrawl(folder);
            boolean isLeft = Files.exists(state.resolve(FRONTIER));
            if (isLeft) {
                Folders.delete(state.resolve(FRONTIER));
                Folders.delete(folder.resolve(PageIndex.FOLDER));
            }
            // The outputs are made before the frontier: if that is there, they are ours, and not what somebody else has
            // put there.
            opening.outputs = isLeft || !hasBytes(folder)
                    ? CrawlOutputs.open(folder, options.outputs(), CrawlOutputs.firstCheckpoint())
                    : CrawlOutputs.create(folder, options.outputs());
            opening.frontier = Frontier.create(state.resolve(FRONTIER));
            byte[] ofIndex = {};
            if (options.isIndexed()) {
                opening.index = PageIndex.create(folder.resolve(PageIndex.FOLDER), clock);
                ofIndex = opening.index.checkpoint();
            }
            opening.outputs.force();
            opening.frontier.commit(new Checkpoint(opening.outputs.checkpoint(), ofIndex).encode());
            writeIdentity(state, key);
            UrlIdentity identity = identity(key, options);
            return opening.done(identity, memory(identity, options, random, null));
        } finally {
            opening.closeUnlessDone();
        }
    }

    /** Whether there is anything in a folder, apart from the state of a crawl. */
    private static boolean hasBytes(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                boolean isEmpty = Files.isRegularFile(entry) && Files.size(entry) == 0;
                if (!isEmpty && !entry.endsWith(STATE)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void writeIdentity(Path state, byte[] key) throws IOException {
        Path begun = state.resolve(IDENTITY + ".new");
        Files.writeString(
                begun,
                HexFormat.of().formatHex(key),
                US_ASCII,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(begun, state.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void requireNoCrawl(Path folder) throws CrawlFolderException {
        if (isCrawl(folder)) {
            throw new CrawlFolderException("expected a folder without a crawl but " + folder
                    + " has one: continue it with --resume " + folder + ", or choose another folder");
        }
    }

    /** Opens the folder of a crawl as its last commit has left it. */
    static CrawlFolder open(Path folder, CrawlOptions options, Clock clock, RandomGenerator random)
            throws IOException, CrawlFolderException {
        return open(folder, options, clock, random, false);
    }

    /** Opens the folder of a crawl that has ended, with its files set aside for a crawl over it. */
    static CrawlFolder refresh(Path folder, CrawlOptions options, Clock clock, RandomGenerator random)
            throws IOException, CrawlFolderException {
        return open(folder, options, clock, random, true);
    }

    private static CrawlFolder open(
            Path folder, CrawlOptions options, Clock clock, RandomGenerator random, boolean isRefresh)
            throws IOException, CrawlFolderException {
        Path state = folder.resolve(STATE);
        byte[] key = key(folder);
        Opening opening = new Opening(folder, lock(state, folder));
        try {
            Turnover turnover = new Turnover(folder, state);
            turnover.complete();
            if (isRefresh) {
                turnover.begin(options);
            }
            UrlIdentity identity = identity(key, options);
            opening.earlier =
                    turnover.isDone() ? EarlierCrawl.open(turnover.lines(), turnover.frontier(), identity) : null;
            CrawlMemory memory = memory(identity, options, random, opening.earlier);
            opening.frontier = Frontier.open(state.resolve(FRONTIER), memory::learn);
            Aside.recall(opening.frontier, memory.sessions());
            byte[] checkpoint = opening.frontier.checkpoint().orElseGet(() -> Checkpoint.EMPTY);
            Checkpoint at = Checkpoint.parse(checkpoint);
            opening.outputs = CrawlOutputs.open(folder, options.outputs(), at.ofOutputs());
            if (options.isIndexed() && at.ofIndex().length > 0) {
                opening.index = PageIndex.open(folder.resolve(PageIndex.FOLDER), at.ofIndex(), clock);
            }
            return opening.done(identity, memory);
        } finally {
            opening.closeUnlessDone();
        }
    }

    /** The key of the fingerprints. */
    private static byte[] key(Path folder) throws IOException, CrawlFolderException {
        Path file = folder.resolve(STATE).resolve(IDENTITY);
        Optional<String> fault = fault(folder);
        if (fault.isPresent()) {
            throw new CrawlFolderException("expected the folder of a crawl but " + fault.get());
        }
        try {
            return HexFormat.of().parseHex(Files.readString(file, US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new CrawlFolderException("expected 32 hexadecimal digits in " + file
                    + " but it is damaged: crawl again into another folder");
        }
    }

    private static UrlIdentity identity(byte[] key, CrawlOptions options) {
        ByteBuffer bits = ByteBuffer.wrap(key);
        return new UrlIdentity(bits.getLong(), bits.getLong(), options.sortQuery());
    }

    private static CrawlMemory memory(
            UrlIdentity identity, CrawlOptions options, RandomGenerator random, @Nullable EarlierCrawl earlier) {
        return new CrawlMemory(
                new Traps(options.limits().pagesOfHost(), random.nextLong()),
                new SessionParameters(identity),
                new ContentTable(),
                options.reach().depth() == Scope.ANY_DEPTH ? null : new PagePlaces(),
                earlier);
    }

    static FileChannel lock(Path state, Path folder) throws IOException, CrawlFolderException {
        return FileLocks.tryLock(state.resolve(LOCK))
                .orElseThrow(() -> new CrawlFolderException("expected a folder that no other process crawls into but "
                        + folder + " is in use: wait for that crawl, or stop it"));
    }

    /** The checkpoints of the outputs, in one. */
    @SuppressWarnings("ArrayRecordComponent")
    record Checkpoint(byte[] ofOutputs, byte[] ofIndex) {
        static final byte[] EMPTY = new Checkpoint(CrawlOutputs.firstCheckpoint(), new byte[0]).encode();

        byte[] encode() {
            return ByteBuffer.allocate(1 + ofOutputs.length + ofIndex.length)
                    .put((byte) ofOutputs.length)
                    .put(ofOutputs)
                    .put(ofIndex)
                    .array();
        }

        static Checkpoint parse(byte[] encoded) {
            int end = 1 + encoded[0];
            return new Checkpoint(
                    Arrays.copyOfRange(encoded, 1, end), Arrays.copyOfRange(encoded, end, encoded.length));
        }
    }

    /** What was opened so far. Owned by the thread that opens. */
    private static final class Opening {
        private final Path path;
        private final FileChannel lock;
        private @Nullable Frontier frontier;
        private @Nullable CrawlOutputs outputs;
        private @Nullable PageIndex index;
        private @Nullable EarlierCrawl earlier;
        private boolean isDone;

        Opening(Path path, FileChannel lock) {
            this.path = path;
            this.lock = lock;
        }

        CrawlFolder done(UrlIdentity identity, CrawlMemory memory) {
            if (frontier == null || outputs == null) {
                throw new IllegalStateException("expected everything to be open");
            }
            CrawlFolder folder = new CrawlFolder(this, frontier, outputs, identity, memory);
            isDone = true;
            return folder;
        }

        void closeUnlessDone() throws IOException {
            if (!isDone) {
                closeAll(index, outputs, frontier, earlier, lock);
            }
        }
    }

    private static void closeAll(@Nullable AutoCloseable... all) throws IOException {
        IOException failure = null;
        for (AutoCloseable one : all) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                IOException cause = e instanceof IOException io ? io : new IOException(e);
                if (failure == null) {
                    failure = cause;
                } else {
                    failure.addSuppressed(cause);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Closes everything. What was not committed is lost. */
    @Override
    public void close() throws IOException {
        closeAll(index, outputs, frontier, memory.earlier(), lock);
    }
}
