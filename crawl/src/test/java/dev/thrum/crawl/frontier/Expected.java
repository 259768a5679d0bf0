package dev.thrum.crawl.frontier;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model: what a frontier must contain, without any thought of memory or disk. */
final class Expected {
    /** The states of a URL. */
    enum State {
        CLAIMED,
        WAITING,
        TAKEN,
        DONE
    }

    /** A URL. */
    record Entry(Optional<NewUrl> url, State state, int depth, List<Byte> note, int attempts) {
        Entry with(State next) {
            return new Entry(url, next, depth, note, attempts);
        }

        KnownUrl known() {
            NewUrl it = url.orElseThrow();
            return new KnownUrl(
                    it.fingerprint(), it.url(), it.host(), it.shape(), depth, it.from(), it.kind(), attempts);
        }
    }

    private final Map<Fingerprint, Entry> entries = new LinkedHashMap<>();

    /** The shapes of each host in the order of their turns. */
    private final Map<String, Map<Long, Deque<Fingerprint>>> queues = new HashMap<>();

    Map<Fingerprint, Entry> entries() {
        return entries;
    }

    List<Fingerprint> in(State state) {
        List<Fingerprint> all = new ArrayList<>();
        entries.forEach((fingerprint, entry) -> {
            if (entry.state() == state) {
                all.add(fingerprint);
            }
        });
        return all;
    }

    /** What the frontier contains after a commit now and a crash, in the order of adding. */
    Expected afterCrash() {
        Expected after = new Expected();
        entries.forEach((fingerprint, entry) -> {
            switch (entry.state()) {
                case CLAIMED -> {}
                case DONE -> after.entries.put(fingerprint, entry);
                case WAITING, TAKEN ->
                    after.enqueue(fingerprint, new Entry(entry.url(), State.WAITING, entry.depth(), entry.note(), 0));
            }
        });
        return after;
    }

    private void enqueue(Fingerprint fingerprint, Entry entry) {
        // Last, since the order is that of adding, not of claiming.
        entries.remove(fingerprint);
        entries.put(fingerprint, entry);
        queue(entry).addLast(fingerprint);
    }

    private Deque<Fingerprint> queue(Entry entry) {
        NewUrl url = entry.url().orElseThrow();
        return queues.computeIfAbsent(url.host(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(url.shape(), _ -> new ArrayDeque<>());
    }

    void claim(Fingerprint fingerprint) {
        entries.put(fingerprint, new Entry(Optional.empty(), State.CLAIMED, KnownSet.DEEPEST, List.of(), 0));
    }

    /** The entry of a URL that is known. */
    Entry entry(Fingerprint fingerprint) {
        return requireNonNull(entries.get(fingerprint));
    }

    void add(NewUrl url) {
        int depth = Math.min(url.depth(), entry(url.fingerprint()).depth());
        int exact = depth == KnownSet.DEEPEST ? url.depth() : depth;
        enqueue(url.fingerprint(), new Entry(Optional.of(url), State.WAITING, exact, List.of(), 0));
    }

    void skip(Fingerprint fingerprint, int depth, byte[] note) {
        int least = Math.min(depth, entry(fingerprint).depth());
        entries.put(fingerprint, new Entry(Optional.empty(), State.DONE, least, list(note), 0));
    }

    Optional<KnownUrl> next(String host) {
        Map<Long, Deque<Fingerprint>> shapes = queues.getOrDefault(host, new LinkedHashMap<>());
        if (shapes.isEmpty()) {
            return Optional.empty();
        }
        Iterator<Map.Entry<Long, Deque<Fingerprint>>> first = shapes.entrySet().iterator();
        Map.Entry<Long, Deque<Fingerprint>> turn = first.next();
        long shape = turn.getKey();
        Deque<Fingerprint> urls = turn.getValue();
        first.remove();
        Fingerprint fingerprint = urls.removeFirst();
        if (!urls.isEmpty()) {
            shapes.put(shape, urls);
        }
        Entry entry = entry(fingerprint);
        entries.put(fingerprint, entry.with(State.TAKEN));
        return Optional.of(entry.known());
    }

    void putBack(KnownUrl url) {
        Entry entry = entry(url.fingerprint());
        entries.put(
                url.fingerprint(), new Entry(entry.url(), State.WAITING, entry.depth(), entry.note(), url.attempts()));
        queue(entry).addFirst(url.fingerprint());
    }

    void done(KnownUrl url, byte[] note) {
        Entry entry = entry(url.fingerprint());
        entries.put(url.fingerprint(), new Entry(entry.url(), State.DONE, entry.depth(), list(note), 0));
    }

    boolean lowerDepth(Fingerprint fingerprint, int depth) {
        Entry entry = entries.get(fingerprint);
        if (entry == null || depth >= Math.min(KnownSet.DEEPEST, entry.depth())) {
            return false;
        }
        entries.put(fingerprint, new Entry(entry.url(), entry.state(), depth, entry.note(), entry.attempts()));
        return true;
    }

    static List<Byte> list(byte[] bytes) {
        List<Byte> all = new ArrayList<>();
        for (byte it : bytes) {
            all.add(it);
        }
        return all;
    }

    long waiting(String host) {
        return queues.getOrDefault(host, Map.of()).values().stream()
                .mapToLong(Deque::size)
                .sum();
    }

    /** Checks what a frontier says without a change. */
    void check(Frontier frontier) {
        assertThat(frontier.known()).isEqualTo(entries.size());
        assertThat(frontier.waiting()).isEqualTo(in(State.WAITING).size());
        Map<String, Long> hosts = new HashMap<>();
        queues.keySet().stream().filter(host -> waiting(host) > 0).forEach(host -> hosts.put(host, waiting(host)));
        assertThat(frontier.hosts()).isEqualTo(hosts);
        entries.forEach((fingerprint, entry) ->
                assertThat(frontier.depth(fingerprint)).isEqualTo(Math.min(KnownSet.DEEPEST, entry.depth())));
    }

    /** Checks the notes that an opened frontier has passed: all, each once. */
    void checkNotes(List<Noted> notes) {
        Map<Fingerprint, Noted> passed = new HashMap<>();
        notes.forEach(note -> assertThat(passed.put(note.fingerprint(), note)).isNull());
        assertThat(passed.keySet()).containsExactlyInAnyOrderElementsOf(in(State.DONE));
        passed.forEach((fingerprint, note) -> {
            assertThat(list(note.note())).isEqualTo(entry(fingerprint).note());
            assertThat(note.depth())
                    .isEqualTo(Math.min(KnownSet.DEEPEST, entry(fingerprint).depth()));
        });
    }

    /**
     * Takes the order of an opened frontier over, after the sets were compared, since compaction changes the order within a shape.
     *
     * @param drained all URLs in the order in which they were taken
     */
    void reorder(List<KnownUrl> drained) {
        assertThat(drained)
                .containsExactlyInAnyOrderElementsOf(in(State.WAITING).stream()
                        .map(fingerprint -> entry(fingerprint).known())
                        .toList());
        queues.clear();
        drained.forEach(url -> queue(entry(url.fingerprint())).addLast(url.fingerprint()));
    }
}
