package dev.thrum.crawl.frontier;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A frontier in memory and the model, to which the same happens. */
final class Session {
    private static final List<String> HOSTS = List.of("a.example", "b.example:8080", "xn--c.example");
    private static final String[] PLACES = {"/", "/shop/", "/calendar?day=", "/wiki/ä/"};

    private final Random random;
    private final int segmentBytes;
    private MemoryFolder folder;
    private Frontier frontier;
    private Expected expected = new Expected();
    private Map<Integer, Expected> committed = new HashMap<>();
    private int lastCommit;
    private int begunCommit;
    private int serial;
    private String page = "";

    private Session(Random random, int segmentBytes, MemoryFolder folder, Frontier frontier) {
        this.random = random;
        this.segmentBytes = segmentBytes;
        this.folder = folder;
        this.frontier = frontier;
        committed.put(0, expected.afterCrash());
    }

    static Session create(Random random, int segmentBytes) throws IOException {
        MemoryFolder folder = new MemoryFolder(random);
        return new Session(random, segmentBytes, folder, Frontier.create(folder, segmentBytes));
    }

    MemoryFolder folder() {
        return folder;
    }

    Frontier frontier() {
        return frontier;
    }

    Expected lastCommitted() {
        return requireNonNull(committed.get(lastCommit));
    }

    private <T> Optional<T> any(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private String host() {
        return HOSTS.get(random.nextInt(HOSTS.size()));
    }

    private byte[] note() {
        byte[] note = new byte[random.nextInt(4) == 0 ? random.nextInt(Frontier.LONGEST_NOTE + 1) : 2];
        random.nextBytes(note);
        return note;
    }

    private int depth() {
        return random.nextInt(10) == 0 ? 250 + random.nextInt(20) : random.nextInt(6);
    }

    private Fingerprint fingerprint() {
        // Few different lower bits now and then: equal homes, and equal halves.
        long low = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : random.nextLong();
        return new Fingerprint(random.nextInt(9) == 0 ? serial++ : random.nextLong(), low);
    }

    private NewUrl url(Fingerprint fingerprint) {
        String host = host();
        int place = random.nextInt(PLACES.length);
        String shown = random.nextInt(9) == 0 ? "other.example" : host;
        String url = "http://" + shown + PLACES[place] + "x".repeat(random.nextInt(40)) + serial++;
        if (random.nextInt(3) == 0) {
            page = switch (random.nextInt(3)) {
                case 0 -> "";
                case 1 -> url.substring(0, random.nextInt(url.length())) + "ö" + serial;
                default -> "http://" + host + "/" + serial;
            };
        }
        int depth = depth();
        return new NewUrl(fingerprint, url, host, place * 7L, depth, page, (byte) random.nextInt());
    }

    /** One random step that is not a commit. */
    void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> claimAndAdd();
            case 4 -> claimOnly();
            case 5, 6, 7 -> assertThat(take(host())).isNotNull();
            case 8, 9 -> finish();
            case 10 -> putBack();
            default -> lowerDepth();
        }
    }

    private void claimAndAdd() {
        Fingerprint fingerprint = any(expected.in(Expected.State.CLAIMED)).orElseGet(this::claimed);
        if (random.nextInt(8) == 0) {
            byte[] note = note();
            int depth = depth();
            frontier.skip(fingerprint, depth, note);
            expected.skip(fingerprint, depth, note);
        } else {
            NewUrl url = url(fingerprint);
            frontier.add(url);
            expected.add(url);
        }
    }

    private Fingerprint claimed() {
        Fingerprint fingerprint = fingerprint();
        boolean fresh = !expected.entries().containsKey(fingerprint);
        assertThat(frontier.knows(fingerprint)).isNotEqualTo(fresh);
        assertThat(frontier.claim(fingerprint)).isEqualTo(fresh);
        if (!fresh) {
            return claimed();
        }
        expected.claim(fingerprint);
        return fingerprint;
    }

    private void claimOnly() {
        claimed();
        any(List.copyOf(expected.entries().keySet()))
                .ifPresent(known -> assertThat(frontier.claim(known)).isFalse());
    }

    private Optional<KnownUrl> take(String host) {
        Optional<KnownUrl> taken = frontier.next(host);
        assertThat(taken).isEqualTo(expected.next(host));
        return taken;
    }

    private Optional<KnownUrl> anyTaken() {
        return any(expected.in(Expected.State.TAKEN))
                .map(fingerprint -> expected.entry(fingerprint).known());
    }

    private void finish() {
        anyTaken().ifPresent(url -> {
            byte[] note = note();
            frontier.done(url, note);
            expected.done(url, note);
        });
    }

    private void putBack() {
        anyTaken().ifPresent(url -> {
            KnownUrl next = random.nextBoolean() ? url.afterAttempt() : url;
            frontier.putBack(next);
            expected.putBack(next);
        });
    }

    private void lowerDepth() {
        Fingerprint fingerprint = any(List.copyOf(expected.entries().keySet())).orElseGet(this::fingerprint);
        int depth = depth();
        assertThat(frontier.lowerDepth(fingerprint, depth)).isEqualTo(expected.lowerDepth(fingerprint, depth));
    }

    /** Finishes everything that waits. */
    void finishAll() {
        for (String host : HOSTS) {
            while (take(host).isPresent()) {
                finish();
            }
        }
        while (!expected.in(Expected.State.TAKEN).isEmpty()) {
            finish();
        }
    }

    void commit() throws IOException {
        begunCommit++;
        committed.put(begunCommit, expected.afterCrash());
        frontier.commit(Integer.toString(begunCommit).getBytes(StandardCharsets.US_ASCII));
        lastCommit = begunCommit;
        committed.keySet().removeIf(number -> number < lastCommit);
    }

    void check() {
        expected.check(frontier);
    }

    /** Closes and opens what was written, or what a crash leaves of it; the last commit counts, or one that has failed. */
    void reopen(MemoryFolder left) throws IOException {
        frontier.close();
        assertThatThrownBy(() -> frontier.known()).isInstanceOf(IllegalStateException.class);
        folder = left;
        folder.failAt(Integer.MAX_VALUE, false);
        List<KnownUrl> order = new ArrayList<>();
        expected = open(order);
        List<Noted> notes = new ArrayList<>();
        frontier = Frontier.open(folder, segmentBytes, notes::add);
        expected.checkNotes(notes);
        expected.check(frontier);
        if (segmentBytes > 1 << 20) {
            return;
        }
        expected.reorder(order);
    }

    /** Opens and closes the folder only to see all of it. */
    private Expected open(List<KnownUrl> order) throws IOException {
        try (Frontier opened = Frontier.open(folder, segmentBytes, _ -> {})) {
            int number = opened.checkpoint()
                    .map(it -> Integer.parseInt(new String(it, StandardCharsets.US_ASCII)))
                    .orElse(0);
            assertThat(number).isBetween(lastCommit, begunCommit);
            Expected found = requireNonNull(committed.get(number));
            committed = new HashMap<>(Map.of(number, found.afterCrash()));
            lastCommit = number;
            begunCommit = number;
            for (String host : HOSTS) {
                Optional<KnownUrl> next = opened.next(host);
                while (next.isPresent()) {
                    order.add(next.get());
                    next = opened.next(host);
                }
            }
            return found.afterCrash();
        }
    }
}
