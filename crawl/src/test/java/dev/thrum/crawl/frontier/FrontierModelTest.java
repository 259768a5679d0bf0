package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A frontier and a model do the same, with closes, crashes and failures of the disk between. */
@Timeout(300)
class FrontierModelTest {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 4_000 : 120;
    private static final int STEPS = 400;

    /** From segments of two records to one that is never full. */
    @ParameterizedTest
    @ValueSource(ints = {200, 1_000, 4_000, 1 << 24})
    void frontier_withCrashesBetween_isAsTheModel(int segmentBytes) throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            run(seed, segmentBytes);
        }
    }

    private static void run(int seed, int segmentBytes) throws IOException {
        Random random = new Random(seed);
        try {
            Session session = Session.create(random, segmentBytes);
            for (int step = 0; step < STEPS; step++) {
                happen(session, random);
            }
            session.check();
            session.finishAll();
            session.commit();
            session.reopen(session.folder());
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError("seed " + seed + ", segments of " + segmentBytes, e);
        }
    }

    private static void happen(Session session, Random random) throws IOException {
        switch (random.nextInt(60)) {
            case 0, 1, 2, 3 -> session.commit();
            case 4 -> session.reopen(session.folder());
            case 5 -> crash(session, random);
            case 6 -> failAndCrash(session, random);
            case 7 -> session.check();
            default -> session.step();
        }
    }

    private static void crash(Session session, Random random) throws IOException {
        session.reopen(session.folder().crash(left(random)));
    }

    private static MemoryFolder.Left left(Random random) {
        MemoryFolder.Left[] all = MemoryFolder.Left.values();
        return all[random.nextInt(all.length)];
    }

    /** A commit that fails somewhere, or succeeds if that would be after it. */
    private static void failAndCrash(Session session, Random random) throws IOException {
        boolean killed = random.nextBoolean();
        session.folder().failAt(1 + random.nextInt(16), killed);
        boolean failed = false;
        try {
            session.commit();
        } catch (IOException e) {
            failed = true;
            assertThat(e).hasMessage("No space left on device");
            assertThatThrownBy(() -> session.frontier().known()).isInstanceOf(IllegalStateException.class);
        }
        if (failed || random.nextBoolean()) {
            session.reopen(killed ? session.folder().crash(left(random)) : session.folder());
        }
        session.folder().failAt(Integer.MAX_VALUE, false);
    }

    /** The model itself must notice: an order that is not that of the turns is found. */
    @Test
    void model_withAnotherOrder_differs() throws IOException {
        Expected expected = new Expected();
        for (int i = 0; i < 3; i++) {
            Fingerprint fingerprint = new Fingerprint(i, i);
            expected.claim(fingerprint);
            expected.add(new NewUrl(fingerprint, "http://h/" + i, "h", i / 2, 0, "", (byte) 0));
        }
        assertThat(expected.next("h").orElseThrow().url()).isEqualTo("http://h/0");
        assertThat(expected.next("h").orElseThrow().url()).isEqualTo("http://h/2");
        assertThat(expected.next("h").orElseThrow().url()).isEqualTo("http://h/1");
    }
}
