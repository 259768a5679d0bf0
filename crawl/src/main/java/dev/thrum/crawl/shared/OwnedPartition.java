package dev.thrum.crawl.shared;

import dev.thrum.base.Clock;
import dev.thrum.base.Folders;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.frontier.Noted;
import dev.thrum.crawl.shared.SharedRecord.Done;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A partition that this process owns: a frontier that is what the log of the partition says, up to an offset. It stays in the folder of the
 * crawl when the partition goes elsewhere, so whoever owns it again reads only what was written meanwhile.
 *
 * <p>Guarded by the lock of its {@link SharedUrls}.
 */
final class OwnedPartition {
    /** Bytes of the frontier that may wait for its commit. Losing them costs reading them again. */
    private static final long MOST_UNCOMMITTED = 1 << 19;

    /** Position, and whether it is open in the log. */
    private static final int CHECKPOINT = Long.BYTES + 1;

    final int number;
    private final Path folder;
    private final Clock clock;

    /** Receives what was not passed to it before. */
    private final Consumer<Learned> learned;

    Frontier frontier;
    State state = State.READING;

    /** Fingerprints of the URLs that were taken, and neither done nor put back. */
    final Set<Fingerprint> inHand = new HashSet<>();

    /** The threads that make requests of its hosts. */
    final Set<Thread> requests = new HashSet<>();

    /** Whether its requests were interrupted. */
    boolean isCut;

    /** The offset after the last record that the frontier knows of. */
    private long position;

    /** Whether URLs may be done that wait. */
    private boolean hasFinished;

    /** Whether a process has opened it and not closed it, as far as the log was read. */
    private boolean isOpenInLog;

    /** No request of the owner before runs after this time of the clock. */
    private long askedUntil;

    private boolean isQuarantined;

    /** Whether the owner before has not told everything about its hosts. */
    private boolean isLeftOpen;

    private final Map<String, Recalled> facts = new HashMap<>();

    enum State {
        /** Its log is read. */
        READING,
        /** Everything is read, and it can be opened. */
        READ,
        /** The record that opens it is to be written. */
        OPENING,
        /** Its hosts are asked. */
        OPEN,
        /** What runs may end, and nothing begins. */
        LEAVING,
        /** It belongs to somebody else. */
        GONE
    }

    /** A URL is done. */
    @SuppressWarnings("ArrayRecordComponent")
    record Learned(byte[] note, long offset) {}

    /** @param at as a time of the clock */
    private record Recalled(HostFacts facts, long at) {}

    private OwnedPartition(int number, Path folder, Clock clock, Consumer<Learned> learned) throws IOException {
        this.number = number;
        this.folder = folder;
        this.clock = clock;
        this.learned = learned;
        this.frontier = open();
        ByteBuffer checkpoint = ByteBuffer.wrap(frontier.checkpoint().orElseGet(() -> new byte[CHECKPOINT]));
        this.position = checkpoint.getLong();
        this.isOpenInLog = checkpoint.get() != 0;
    }

    /** Opens what the folder has of a partition, or begins it. */
    static OwnedPartition of(int number, Path folder, Clock clock, Consumer<Learned> learned) throws IOException {
        return new OwnedPartition(number, folder, clock, learned);
    }

    private Frontier open() throws IOException {
        if (Files.isDirectory(folder)) {
            try {
                return Frontier.open(folder, this::known);
            } catch (IOException e) {
                // It is only a copy of the log.
                Folders.delete(folder);
            }
        }
        return Frontier.create(folder);
    }

    private void known(Noted noted) {
        ByteBuffer note = ByteBuffer.wrap(noted.note());
        long offset = note.getLong();
        byte[] logged = new byte[note.remaining()];
        note.get(logged);
        learned.accept(new Learned(logged, offset));
    }

    long position() {
        return position;
    }

    /** Applies a record of the log; returns the URL if it is a new one. */
    Optional<NewUrl> apply(long offset, SharedRecord record) throws IOException {
        Optional<NewUrl> added = Optional.empty();
        switch (record) {
            case SharedRecord.Found(NewUrl url) -> {
                if (frontier.claim(url.fingerprint())) {
                    frontier.add(url);
                    added = Optional.of(url);
                } else {
                    boolean _ = frontier.lowerDepth(url.fingerprint(), url.depth());
                }
            }
            case Done done -> {
                byte[] note = ByteBuffer.allocate(Long.BYTES + done.note().length)
                        .putLong(offset)
                        .put(done.note())
                        .array();
                frontier.finish(done.fingerprint(), done.depth(), note);
                hasFinished = true;
                learned.accept(new Learned(done.note(), offset));
            }
            case SharedRecord.Opened _ -> isOpenInLog = true;
            case SharedRecord.Closed _ -> isOpenInLog = false;
        }
        position = offset + 1;
        if (frontier.uncommitted() > MOST_UNCOMMITTED) {
            commit();
        }
        return added;
    }

    private void commit() throws IOException {
        frontier.commit(ByteBuffer.allocate(CHECKPOINT)
                .putLong(position)
                .put((byte) (isOpenInLog ? 1 : 0))
                .array());
    }

    /** Keeps a fact from before it was assigned. */
    void recalled(String authority, HostFacts found, Duration age) {
        facts.put(authority, new Recalled(found.after(age), clock.nanoTime()));
    }

    /** What is known of an authority that this process has not asked yet; null if nothing. */
    @Nullable
    HostFacts recall(String authority, Duration delay) {
        long now = clock.nanoTime();
        Recalled kept = facts.get(authority);
        HostFacts known = kept == null ? null : kept.facts.after(Duration.ofNanos(now - kept.at));
        if (!isQuarantined) {
            return known;
        }
        HostFacts base = known == null ? HostFacts.resting(Duration.ZERO, delay) : known;
        return base.askedUntil(Duration.ofNanos(askedUntil - now));
    }

    Set<String> authoritiesWithFacts() {
        return Set.copyOf(facts.keySet());
    }

    /** Everything was read: leaves out of the queues what is done. */
    void read() throws IOException {
        if (hasFinished) {
            commit();
            frontier.close();
            // What is done in it was passed on when it was opened first, or applied.
            frontier = Frontier.open(folder, _ -> {});
            hasFinished = false;
        }
    }

    /**
     * Its hosts may be asked from now on, or when requests of the owner before can't run any more.
     *
     * @param lease how long an owner may ask hosts after it was sure to be the owner
     */
    void open(Duration lease) {
        state = State.OPEN;
        isQuarantined = isLeftOpen;
        askedUntil = clock.nanoTime() + lease.toNanos();
    }

    /** The record that opens it is to be written. */
    void opening() {
        state = State.OPENING;
        isLeftOpen = isOpenInLog;
    }

    /** Closes the frontier, which keeps what it knows for the next time. */
    void close() throws IOException {
        state = State.GONE;
        try {
            commit();
        } finally {
            frontier.close();
        }
    }
}
