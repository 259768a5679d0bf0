package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several threads that add, take and finish while another one commits, with compaction. */
@Timeout(120)
class FrontierThreadsTest {
    private static final int THREADS = 4;
    private static final int URLS = Boolean.getBoolean("thrum.soak") ? 400_000 : 20_000;
    private static final int SEGMENT_BYTES = 8 * 1024;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    @TempDir
    private Path folder;

    private final Set<Fingerprint> taken = ConcurrentHashMap.newKeySet();
    private final AtomicInteger twice = new AtomicInteger();
    private final AtomicInteger added = new AtomicInteger();

    private static NewUrl url(int number) {
        Fingerprint fingerprint = new Fingerprint(number * SPREAD, (number + 1) * SPREAD);
        String host = "host" + number % 7;
        return new NewUrl(
                fingerprint, "http://" + host + "/" + number, host, number % 3, 0, "http://" + host, (byte) 0);
    }

    /** All threads find all URLs: one of them adds each. */
    private void crawl(Frontier frontier, int thread) {
        for (int i = 0; i < URLS; i++) {
            NewUrl url = url((i + thread * 50) % URLS);
            if (frontier.claim(url.fingerprint())) {
                frontier.add(url);
                added.incrementAndGet();
            }
            if (i % THREADS == thread) {
                work(frontier, url.host(), i);
            }
        }
    }

    private void work(Frontier frontier, String host, int number) {
        Optional<KnownUrl> next = frontier.next(host);
        if (next.isEmpty()) {
            return;
        }
        if (number % 5 == 0) {
            frontier.putBack(next.get());
            return;
        }
        if (!taken.add(next.get().fingerprint())) {
            twice.incrementAndGet();
        }
        frontier.done(next.get(), new byte[] {1});
    }

    @Test
    void threads_whileOneCommits_takeEachUrlOnce() throws Exception {
        int commits = 0;
        try (Frontier frontier = Frontier.create(new DiskFolder(folder, _ -> {}), SEGMENT_BYTES);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                running.add(threads.submit(() -> crawl(frontier, number)));
            }
            while (running.stream().anyMatch(it -> !it.isDone()) || commits < 3) {
                frontier.commit(new byte[] {2});
                commits++;
            }
            check(running);
            assertThat(added).hasValue(URLS);
            assertThat(twice).hasValue(0);
            assertThat(frontier.waiting() + taken.size()).isEqualTo(URLS);
            frontier.commit(new byte[] {3});
        }
        reopen();
    }

    private static void check(List<Future<?>> running) throws ExecutionException, InterruptedException {
        for (Future<?> it : running) {
            it.get();
        }
    }

    /** What was taken is finished, and the rest waits, with its texts. */
    private void reopen() throws IOException {
        Map<Fingerprint, Integer> notes = new HashMap<>();
        try (Frontier frontier = Frontier.open(folder, note -> notes.merge(note.fingerprint(), 1, Integer::sum))) {
            assertThat(notes.keySet()).isEqualTo(taken);
            assertThat(notes.values()).containsOnly(1);
            assertThat(frontier.waiting()).isEqualTo(URLS - taken.size());
            for (String host : frontier.hosts().keySet()) {
                Optional<KnownUrl> next = frontier.next(host);
                while (next.isPresent()) {
                    NewUrl expected = url(Integer.parseInt(next.get().url().replaceFirst(".*/", "")));
                    assertThat(next.get().fingerprint()).isEqualTo(expected.fingerprint());
                    assertThat(taken.add(expected.fingerprint())).isTrue();
                    next = frontier.next(host);
                }
            }
        }
        assertThat(taken).hasSize(URLS);
    }
}
