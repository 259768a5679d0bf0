package dev.thrum.events.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queues of a ring, above a kernel that the test plays. */
final class RingTest {
    private static final int SUBMISSIONS = 8;
    private static final int COMPLETIONS = 16;

    /** A little below 2^32, where the counters wrap around, and below 2^31, where their sign changes. */
    private static final int BELOW_WRAP = -13;

    private static final int POLLIN = 1;

    private PlayedKernel kernel;
    private Ring ring;
    private boolean open;
    private final List<Long> seen = new ArrayList<>();

    @BeforeEach
    void open() {
        Rings.memoryNeeded();
        open(0);
    }

    private void open(int start) {
        end();
        kernel = new PlayedKernel(SUBMISSIONS, COMPLETIONS, start);
        ring = new Ring(kernel.queues, kernel, null);
        open = true;
    }

    @AfterEach
    void end() {
        if (open) {
            open = false;
            ring.close();
        }
    }

    private void submit(long from, long to) {
        LongStream.range(from, to).forEach(data -> ring.poll(1, POLLIN, false, data));
    }

    private void turn() throws KernelException {
        ring.enter(false, 0);
        ring.complete((data, result, flags) -> seen.add(data));
    }

    private static List<Long> range(long to) {
        return LongStream.range(0, to).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BELOW_WRAP, Integer.MAX_VALUE - 13})
    void entriesAndCompletions_keepTheirOrder_whenTheCountersWrapAround(int start) throws Exception {
        open(start);
        for (int round = 0; round < 20; round++) {
            submit(round * 3L, round * 3L + 3);
            assertThat(ring.hasCompletions()).isFalse();
            ring.enter(false, 0);
            for (int i = 0; i < 3; i++) {
                kernel.complete(round * 3L + i, i, 0);
            }
            assertThat(ring.hasCompletions()).isTrue();
            assertThat(ring.complete((data, result, flags) -> {
                        assertThat(result).isEqualTo((int) (data % 3));
                        seen.add(data);
                    }))
                    .isEqualTo(3);
        }
        assertThat(kernel.taken).isEqualTo(range(60));
        assertThat(seen).isEqualTo(range(60));
        assertThat(kernel.calls).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BELOW_WRAP})
    void fullSubmissionQueue_isHandedToTheKernel_andLosesNothing(int start) throws Exception {
        open(start);
        submit(0, SUBMISSIONS);
        assertThat(kernel.calls).isZero();
        submit(SUBMISSIONS, 50);
        assertThat(kernel.calls).isEqualTo(6);
        turn();
        assertThat(kernel.taken).isEqualTo(range(50));
    }

    /** Linux can take fewer entries than it was given, for example if one of them is wrong. */
    @ParameterizedTest
    @ValueSource(ints = {0, BELOW_WRAP})
    void entriesThatTheKernelLeft_areSubmittedAgain_inTheirOrder(int start) throws Exception {
        open(start);
        kernel.most = 3;
        submit(0, 50);
        for (int i = 0; i < 3; i++) {
            turn();
        }
        assertThat(kernel.taken).isEqualTo(range(50));
    }

    /** The two entries of a connection attempt are linked, and a link ends with a submission. */
    @Test
    void linkedEntries_areSubmittedTogether_whenTheQueueIsAlmostFull() throws Exception {
        submit(0, SUBMISSIONS - 1);
        Chunks chunks = new Chunks();
        Chunk memory = chunks.take();
        ring.connect(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), memory, 5, 7, 8);
        assertThat(kernel.taken).isEqualTo(range(SUBMISSIONS - 1));
        turn();
        assertThat(kernel.taken).isEqualTo(range(SUBMISSIONS + 1));
        chunks.give(memory);
        chunks.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BELOW_WRAP})
    void completionsThatDoNotFit_comeLater_inTheirOrder(int start) throws Exception {
        open(start);
        for (int i = 0; i < 50; i++) {
            kernel.complete(i, 0, 0);
        }
        List<Integer> counts = new ArrayList<>();
        while (ring.hasCompletions()) {
            ring.enter(false, 0);
            counts.add(ring.complete((data, result, flags) -> seen.add(data)));
        }
        assertThat(seen).isEqualTo(range(50));
        assertThat(counts).containsExactly(16, 16, 16, 2);
    }

    /** Each completion makes the receiver submit more than the queue has room for. */
    @Test
    void sinkMaySubmit_evenIfTheQueueIsFull() throws Exception {
        for (int i = 0; i < COMPLETIONS; i++) {
            kernel.complete(i, 0, 0);
        }
        int count = ring.complete((data, result, flags) -> submit(data * 10, data * 10 + 10));
        assertThat(count).isEqualTo(COMPLETIONS);
        turn();
        assertThat(kernel.taken).isEqualTo(range(COMPLETIONS * 10L));
    }

    @Test
    void completions_areHandedOutOnce_whenTheSinkThrows() {
        for (int i = 0; i < 4; i++) {
            kernel.complete(i, 0, 0);
        }
        assertThatThrownBy(() -> ring.complete((data, result, flags) -> {
                    seen.add(data);
                    if (data == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                }))
                .hasMessage("on purpose");
        ring.complete((data, result, flags) -> seen.add(data));
        assertThat(seen).isEqualTo(range(4));
    }

    /** EINTR, EAGAIN, EBUSY, ETIME, ENOBUFS, ECANCELED. */
    @ParameterizedTest
    @ValueSource(ints = {4, 11, 16, 62, 105, 125})
    void call_isRepeatedInTheNextTurn_afterAnErrorThatPasses(int error) throws Exception {
        submit(0, 3);
        kernel.errors.add(-error);
        ring.enter(true, 1_000);
        assertThat(kernel.taken).isEmpty();
        submit(3, 5);
        turn();
        assertThat(kernel.taken).isEqualTo(range(5));
    }

    /** EBADF, EFAULT, EINVAL, EPERM. */
    @ParameterizedTest
    @ValueSource(ints = {9, 14, 22, 1})
    void call_fails_withTheNameOfTheError(int error) throws Exception {
        submit(0, 3);
        kernel.errors.add(-error);
        assertThatThrownBy(() -> ring.enter(false, 0))
                .isInstanceOf(KernelException.class)
                .hasMessage("io_uring_enter failed: " + Kernel.text(error));
        // Nothing is lost if the next call succeeds.
        turn();
        assertThat(kernel.taken).isEqualTo(range(3));
    }

    @Test
    void fullQueue_waitsForTheKernel_whenItHasNoMemoryForAWhile() throws Exception {
        submit(0, SUBMISSIONS);
        IntStream.range(0, 500).forEach(i -> kernel.errors.add(-Kernel.EAGAIN));
        submit(SUBMISSIONS, SUBMISSIONS + 1);
        turn();
        assertThat(kernel.taken).isEqualTo(range(SUBMISSIONS + 1));
    }

    @Test
    void fullQueue_fails_whenTheKernelTakesNothing() {
        submit(0, SUBMISSIONS);
        kernel.most = 0;
        assertThatThrownBy(() -> submit(SUBMISSIONS, SUBMISSIONS + 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("expected room for an entry but the kernel takes none");
    }
}
