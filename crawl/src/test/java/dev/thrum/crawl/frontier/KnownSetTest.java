package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KnownSetTest {
    private static final int MILLION = 1_000_000;
    private static final long MEGABYTE = 1_000_000;
    private static final int PAGES_OF_SHAPE = 1_000;

    /** The set and a map get the same; the halves are drawn so that many are equal, or close. */
    private static void compare(LongUnaryOperator half, int count) {
        Random random = new Random(count);
        KnownSet set = new KnownSet();
        Map<Fingerprint, Integer> model = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Fingerprint fingerprint =
                    new Fingerprint(half.applyAsLong(random.nextLong()), half.applyAsLong(random.nextLong()));
            int depth = random.nextInt(300);
            int marks = random.nextInt(8) << 1;
            int before = model.getOrDefault(fingerprint, -1);

            assertThat(set.state(fingerprint)).isEqualTo(before);
            assertThat(set.merge(fingerprint, marks, depth)).isEqualTo(before);

            model.merge(fingerprint, (1 | marks) << 8 | Math.min(depth, KnownSet.DEEPEST), KnownSetTest::merged);
        }
        assertThat(set.size()).isEqualTo(model.size());
        model.forEach((fingerprint, state) -> assertThat(set.state(fingerprint)).isEqualTo(state));
    }

    private static int merged(int one, int other) {
        return ((one | other) & ~KnownSet.DEEPEST) | Math.min(KnownSet.depth(one), KnownSet.depth(other));
    }

    @Test
    void set_ofEvenFingerprints_isAsAMap() {
        compare(it -> it, 200_000);
    }

    @Test
    void set_ofFingerprintsWithEqualHalves_isAsAMap() {
        compare(it -> it % 50, 20_000);
        compare(it -> it | -1L << 12, 5_000);
        compare(it -> it & 0xffL << 56, 20_000);
    }

    /** The measure of the memory of a crawl: from 20,000 known URLs to a million, all of which wait. */
    @Test
    void memory_ofAMillion_isBounded() {
        assertThat(memory(MILLION, PAGES_OF_SHAPE) - memory(20_000, PAGES_OF_SHAPE))
                .isLessThan(36 * MEGABYTE);
        assertThat(memory(MILLION, 1) - memory(20_000, 1)).isLessThan(60 * MEGABYTE);
    }

    /** At no number of URLs the free entries are more than a quarter. */
    @Test
    void memory_whileTheSetGrows_isBounded() {
        Random random = new Random(2);
        KnownSet set = new KnownSet();
        for (int i = 1; i < 300_000; i++) {
            int _ = set.merge(new Fingerprint(random.nextLong(), random.nextLong()), 0, 0);
            if (i > 100_000 && i % 1_000 == 0) {
                assertThat(set.bytes()).isLessThan(i * 17L * 5 / 4 + 100_000);
            }
        }
    }

    /** What is allocated and dropped again stays in the heap until all of that is collected. */
    @Test
    void growth_allocatesLittleMoreThanStays() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        Random random = new Random(3);
        Fingerprint[] all = new Fingerprint[300_000];
        Arrays.setAll(all, _ -> new Fingerprint(random.nextLong(), random.nextLong()));
        KnownSet set = new KnownSet();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (Fingerprint fingerprint : all) {
            int _ = set.merge(fingerprint, 0, 0);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 * set.bytes());
    }

    private static long memory(int count, int pagesOfShape) {
        Random random = new Random(1);
        KnownSet known = new KnownSet();
        WaitingUrls waiting = new WaitingUrls();
        for (int i = 0; i < count; i++) {
            int _ = known.merge(new Fingerprint(random.nextLong(), random.nextLong()), KnownSet.ADDED, 3);
            waiting.addLast("host" + i % 1_000, i / 1_000 / pagesOfShape, Segment.position(1 + i / 80_000, i), 2);
        }
        return known.bytes() + waiting.bytes();
    }
}
