package dev.thrum.crawl.frontier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of each URL, in memory; changes are appended to the journal. Guarded by the lock of its frontier. */
final class UrlStates {
    private final Journal journal;
    private final KnownSet known;
    private final WaitingUrls waiting;

    /** The positions of the URLs that were taken. */
    private final Map<Fingerprint, Long> taken = new HashMap<>();

    /** The attempts at URLs that wait, if there were any. */
    private final Map<Fingerprint, Integer> attempts = new HashMap<>();

    UrlStates(Journal journal, KnownSet known, WaitingUrls waiting) {
        this.journal = journal;
        this.known = known;
        this.waiting = waiting;
    }

    Journal journal() {
        return journal;
    }

    KnownSet known() {
        return known;
    }

    WaitingUrls waiting() {
        return waiting;
    }

    boolean claim(Fingerprint fingerprint) {
        return known.merge(fingerprint, 0, KnownSet.DEEPEST) < 0;
    }

    void add(NewUrl url) {
        checkClaimed(url.fingerprint());
        int _ = known.merge(url.fingerprint(), KnownSet.ADDED, url.depth());
        long position = journal.add(url, leastDepth(url));
        waiting.addLast(url.host(), url.shape(), position, journal.lastLength());
    }

    void skip(Fingerprint fingerprint, int depth, byte[] note) {
        checkClaimed(fingerprint);
        finish(fingerprint, depth, note);
    }

    private void checkClaimed(Fingerprint fingerprint) {
        int state = known.state(fingerprint);
        if (state < 0 || KnownSet.has(state, KnownSet.ADDED | KnownSet.DONE)) {
            throw new IllegalStateException("expected a URL that was claimed and neither added nor skipped but "
                    + (state < 0 ? "nobody has claimed " : "there is a record of ") + fingerprint);
        }
    }

    private void finish(Fingerprint fingerprint, int depth, byte[] note) {
        int _ = known.merge(fingerprint, KnownSet.DONE, depth);
        journal.done(fingerprint, KnownSet.depth(known.state(fingerprint)), note);
    }

    /** Takes the next URL of a host, which waits no more; empty if none waits. */
    Optional<KnownUrl> take(String host) throws IOException {
        for (long position = waiting.first(host); position >= 0; position = waiting.first(host)) {
            Journal.Stored stored = journal.read(position);
            waiting.removeFirst(host, stored.length());
            if (!KnownSet.has(known.state(stored.url().fingerprint()), KnownSet.DONE)) {
                return Optional.of(take(stored.url(), position, host));
            }
            journal.release(position);
        }
        return Optional.empty();
    }

    private KnownUrl take(NewUrl url, long position, String host) {
        taken.put(url.fingerprint(), position);
        Integer before = attempts.remove(url.fingerprint());
        return new KnownUrl(
                url.fingerprint(),
                url.url(),
                host,
                url.shape(),
                leastDepth(url),
                url.from(),
                url.kind(),
                before == null ? 0 : before);
    }

    /** The least depth of a URL; if the set can't tell, since it has one byte for it, that of its record. */
    private int leastDepth(NewUrl url) {
        int least = KnownSet.depth(known.state(url.fingerprint()));
        return least == KnownSet.DEEPEST ? url.depth() : least;
    }

    void putBack(KnownUrl url) {
        waiting.addFirst(url.host(), url.shape(), giveUp(url));
        if (url.attempts() != 0) {
            attempts.put(url.fingerprint(), url.attempts());
        }
    }

    void done(KnownUrl url, byte[] note) {
        journal.release(giveUp(url));
        finish(url.fingerprint(), url.depth(), note);
    }

    /** Finishes a URL whatever its state; one that waits stays in its queue until it is to be taken. */
    void finishAnywhere(Fingerprint fingerprint, int depth, byte[] note) {
        int state = known.state(fingerprint);
        if (state >= 0 && KnownSet.has(state, KnownSet.DONE)) {
            return;
        }
        Long position = taken.remove(fingerprint);
        if (position != null) {
            journal.release(position);
        }
        finish(fingerprint, depth, note);
    }

    /** The position of a URL that was taken and is not any more. */
    private long giveUp(KnownUrl url) {
        Long position = taken.remove(url.fingerprint());
        if (position == null) {
            throw new IllegalStateException("expected a URL that is taken but this one is not: " + url.url());
        }
        return position;
    }

    int depth(Fingerprint fingerprint) {
        int state = known.state(fingerprint);
        return state < 0 ? -1 : KnownSet.depth(state);
    }

    boolean lowerDepth(Fingerprint fingerprint, int depth) {
        int state = known.state(fingerprint);
        if (state < 0 || depth >= KnownSet.depth(state)) {
            return false;
        }
        int _ = known.merge(fingerprint, 0, depth);
        if (KnownSet.has(state, KnownSet.ADDED | KnownSet.DONE)) {
            // Otherwise a record of the depth would make a URL known that is not added yet.
            journal.depth(fingerprint, depth);
        }
        return true;
    }

    /** Appends the URLs of the first segment that are not done again, and removes the segment from the journal. */
    void removeFirstSegment() throws IOException {
        int removed = journal.first().number();
        for (long found : waiting.within(removed)) {
            move((int) found, removed, (int) (found >>> Integer.SIZE));
        }
        List<Fingerprint> within = new ArrayList<>();
        taken.forEach((fingerprint, position) -> {
            if (Segment.number(position) == removed) {
                within.add(fingerprint);
            }
        });
        for (Fingerprint fingerprint : within) {
            NewUrl url = journal.read(taken.getOrDefault(fingerprint, 0L)).url();
            taken.put(fingerprint, journal.add(url, leastDepth(url)));
        }
        journal.removeFirst();
    }

    /** Appends the URLs of an entry of the queues again, which stay next to each other. */
    private void move(int entry, int segment, int from) throws IOException {
        int offset = from;
        for (int i = 0; i < waiting.count(entry); i++) {
            Journal.Stored stored = journal.read(Segment.position(segment, offset));
            NewUrl url = stored.url();
            int depth = leastDepth(url);
            if (i == 0) {
                waiting.setPosition(entry, journal.add(url, depth));
            } else {
                long _ = journal.addNext(url, depth);
            }
            offset += stored.length();
        }
    }
}
