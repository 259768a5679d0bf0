package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short crawl with compaction, ended at each of its steps on the disk. */
@Timeout(300)
class FrontierCrashTest {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 100 : 3;
    private static final int SEGMENT_BYTES = 400;
    private static final int COMMITS = 6;
    private static final int STEPS_BETWEEN = 12;
    private static final int MOST_STEPS = 1_000;

    /** Runs the crawl; true if the disk has not failed. */
    private static boolean crawl(Session session) {
        try {
            for (int commit = 0; commit < COMMITS; commit++) {
                for (int step = 0; step < STEPS_BETWEEN; step++) {
                    session.step();
                }
                session.commit();
            }
            session.finishAll();
            session.commit();
            session.commit();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void crawl_undisturbed_compacts() throws IOException {
        Session session = Session.create(new Random(1), SEGMENT_BYTES);

        assertThat(crawl(session)).isTrue();

        assertThat(session.folder().names()).contains(SeenFile.NAME).doesNotContain(Segment.name(1));
        assertThat(session.folder().content(SeenFile.NAME).length).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(MemoryFolder.Left.class)
    void crash_atEachStep_leavesACommit(MemoryFolder.Left left) throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            boolean complete = false;
            int step = 0;
            while (!complete) {
                assertThat(++step).isLessThan(MOST_STEPS);
                Session session = Session.create(new Random(seed), SEGMENT_BYTES);
                session.folder().failAt(step, true);
                complete = crawl(session);
                session.reopen(session.folder().crash(left));
                assertThat(crawl(session)).isTrue();
                session.reopen(session.folder());
            }
            assertThat(step).isGreaterThan(40);
        }
    }

    /** The second crash hits the opening, or the crawl that follows. */
    @Test
    void twoCrashes_inARow_leaveACommit() throws IOException {
        boolean complete = false;
        for (int first = 1; !complete; first++) {
            for (int second = 1; second < 12; second++) {
                Session session = Session.create(new Random(first), SEGMENT_BYTES);
                session.folder().failAt(first, true);
                complete = crawl(session);
                MemoryFolder left = session.folder().crash(MemoryFolder.Left.ANY_PREFIX);
                left.failAt(second, true);
                boolean opened = openOnly(left);
                session.reopen(left.crash(MemoryFolder.Left.ANY_PREFIX));
                if (opened) {
                    session.folder().failAt(second, true);
                    boolean _ = crawl(session);
                    session.reopen(session.folder().crash(MemoryFolder.Left.ANY_PREFIX));
                }
            }
        }
    }

    private static boolean openOnly(MemoryFolder folder) {
        try (Frontier _ = Frontier.open(folder, SEGMENT_BYTES, _ -> {})) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A full disk stops the crawl, and when there is room again it goes on. */
    @Test
    void fullDisk_atEachStep_leavesACommitAndAFrontierThatRefuses() throws IOException {
        boolean complete = false;
        int step = 0;
        while (!complete) {
            Session session = Session.create(new Random(5), SEGMENT_BYTES);
            session.folder().failAt(++step, false);
            complete = crawl(session);
            if (!complete) {
                Fingerprint any = new Fingerprint(1, 2);
                assertThatThrownBy(() -> session.frontier().claim(any))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("open its folder again");
                assertThatThrownBy(() -> session.frontier().commit(new byte[0]))
                        .isInstanceOf(IllegalStateException.class);
            }
            session.reopen(session.folder());
            assertThat(crawl(session)).isTrue();
        }
    }

    /** Killed while it begins, a frontier is not there, or whole. */
    @ParameterizedTest
    @EnumSource(MemoryFolder.Left.class)
    void crash_whileItIsCreated_letsItBeCreatedAgainOrOpened(MemoryFolder.Left left) throws IOException {
        Random random = new Random(3);
        boolean complete = false;
        for (int step = 1; !complete; step++) {
            MemoryFolder folder = new MemoryFolder(random);
            folder.failAt(step, true);
            complete = create(folder);
            MemoryFolder after = folder.crash(left);
            if (after.names().contains(CommitFile.NAME)) {
                try (Frontier opened = Frontier.open(after, SEGMENT_BYTES, _ -> {})) {
                    assertThat(opened.checkpoint()).isEmpty();
                }
            } else {
                assertThat(complete).isFalse();
                assertThatThrownBy(() -> Frontier.open(after, SEGMENT_BYTES, _ -> {}))
                        .hasMessageContaining(
                                "expected the frontier of a crawl in memory but there is no file commits");
                assertThat(create(after)).isTrue();
            }
        }
    }

    private static boolean create(MemoryFolder folder) {
        try (Frontier _ = Frontier.create(folder, SEGMENT_BYTES)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
