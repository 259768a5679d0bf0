package dev.thrum.events.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ring above this system's kernel. */
@Timeout(60)
final class RealRingTest {
    private static final int BUFFERS = 4;
    private static final int LIMIT = 32 * 1024;
    private static final int POLLIN = 1;
    /** What {@link Kernel#signal} writes. */
    private static final int EIGHT = Long.BYTES;

    private Ring ring;
    private int[] pair;

    /** A completion. */
    private record Done(long data, int result, int flags) {
        boolean isLast() {
            return (flags & Ring.MORE) == 0;
        }
    }

    @BeforeEach
    void open() throws Exception {
        Rings.needed();
        ring = Ring.open(BUFFERS);
        pair = Kernel.socketPair();
    }

    @AfterEach
    void close() {
        if (ring != null) {
            Kernel.close(pair[0]);
            Kernel.close(pair[1]);
            ring.close();
        }
    }

    private List<Done> await(int count) throws KernelException {
        List<Done> all = new ArrayList<>();
        while (all.size() < count) {
            ring.enter(!ring.hasCompletions(), 0);
            ring.complete((data, result, flags) -> all.add(new Done(data, result, flags)));
        }
        return all;
    }

    /** What is there after one more call, which does not wait. */
    private List<Done> now() throws KernelException {
        List<Done> all = new ArrayList<>();
        ring.enter(false, 0);
        ring.complete((data, result, flags) -> all.add(new Done(data, result, flags)));
        return all;
    }

    /** More than the queue of completions has room for: the kernel keeps the others. */
    @Test
    void allCompletionsCome_whenMoreAreDueThanTheQueueHolds() throws Exception {
        int count = Ring.COMPLETIONS + 1_000;
        Kernel.signal(pair[1]);
        for (int i = 0; i < count; i++) {
            ring.poll(pair[0], POLLIN, false, i);
        }
        List<Done> all = await(count);
        assertThat(all.stream().map(Done::data))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, count).mapToObj(Long::valueOf).toList());
        assertThat(all).allMatch(done -> done.result() == POLLIN);
    }

    /** As before Linux 6.6, where a submission is an index into an array of entries. */
    @Test
    void entries_keepTheirOrder_whenTheKernelNeedsAnArrayOfIndexes() throws Exception {
        OpenRing open = OpenRing.open(8, 64, true);
        try (Ring indexed = new Ring(open.queues, open, null)) {
            Kernel.signal(pair[1]);
            List<Long> seen = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                indexed.poll(pair[0], POLLIN, false, i);
            }
            indexed.enter(true, 0);
            indexed.complete((data, result, flags) -> seen.add(data));
            assertThat(seen).isEqualTo(LongStream.range(0, 30).boxed().toList());
        }
    }

    /** The prototype lost its connections here, or asked again and again while others had the buffers. */
    @Test
    void receive_goesOn_whenBuffersRunOutAndComeBack() throws Exception {
        List<int[]> pairs = new ArrayList<>();
        for (int i = 0; i <= BUFFERS; i++) {
            int[] next = Kernel.socketPair();
            pairs.add(next);
            Kernel.signal(next[1]);
            ring.receive(next[0], 0, i);
        }
        List<Done> all = await(BUFFERS + 1);
        assertThat(all.stream().filter(done -> done.result() == EIGHT)).hasSize(BUFFERS);
        Done without =
                all.stream().filter(done -> done.result() != EIGHT).findAny().orElseThrow();
        assertThat(without.result()).isEqualTo(-Kernel.ENOBUFS);
        assertThat(without.isLast()).isTrue();
        ring.receive(pairs.get((int) without.data())[0], 0, 100);
        assertThat(await(1)).containsExactly(new Done(100, -Kernel.ENOBUFS, 0));

        all.stream()
                .filter(done -> done.result() == EIGHT)
                .forEach(done -> ring.buffers().giveBack(Ring.buffer(done.flags())));
        ring.receive(pairs.get((int) without.data())[0], 0, 101);
        Done served = await(1).getFirst();
        assertThat(served.data()).isEqualTo(101);
        assertThat(served.result()).isEqualTo(EIGHT);
        for (int[] each : pairs) {
            Kernel.close(each[0]);
            Kernel.close(each[1]);
        }
    }

    /** The ring of buffers counts in 16 bits. */
    @Test
    void buffers_carryTheirBytes_whenTheirCounterWrapsAround() throws Exception {
        byte[] one = new byte[EIGHT];
        for (int i = 0; i < 70_000; i++) {
            Kernel.signal(pair[1]);
            ring.receive(pair[0], 0, i);
            Done done = await(1).getFirst();
            assertThat(done.data()).isEqualTo(i);
            assertThat(done.result()).isEqualTo(EIGHT);
            ring.buffers().copy(Ring.buffer(done.flags()), 0, one, 0, EIGHT);
            assertThat(one[0]).isEqualTo((byte) 1);
            ring.buffers().giveBack(Ring.buffer(done.flags()));
        }
    }

    /** Without a limit of its own a multishot receive would take whatever comes, whether or not anybody reads. */
    @Test
    void receiveWithLimit_endsByItself_andLeavesTheRestToTheNext() throws Exception {
        Assumptions.assumeTrue(RingSupport.limitsReceives(), "Linux before 6.17");
        Chunks chunks = new Chunks();
        ring.receive(pair[0], LIMIT, 1);
        int sent = 0;
        while (sent < 4 * Chunk.SIZE) {
            Chunk chunk = chunks.take();
            sent += chunk.put(new byte[Chunk.SIZE], 0, Chunk.SIZE);
            ring.send(pair[1], chunk, 2);
        }
        int received = 0;
        Done last = null;
        while (last == null) {
            for (Done done : await(1)) {
                if (done.data() == 1) {
                    received += done.result();
                    ring.buffers().giveBack(Ring.buffer(done.flags()));
                    last = done.isLast() ? done : last;
                }
            }
        }
        assertThat(received).isBetween(LIMIT, LIMIT + ProvidedBuffers.SIZE);
        assertThat(now()).noneMatch(done -> done.data() == 1);
        ring.receive(pair[0], 0, 3);
        assertThat(await(1)).anyMatch(done -> done.data() == 3 && done.result() > 0);
    }

    @Test
    void wait_endsInTime_whenNothingHappens() throws Exception {
        long begun = System.nanoTime();
        ring.enter(true, 20_000_000);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(20_000_000);
        assertThat(now()).isEmpty();
    }

    @Test
    void cancelledReceive_completesAsCancelled() throws Exception {
        ring.receive(pair[0], 0, 5);
        assertThat(now()).isEmpty();
        ring.cancel(5, 6);
        assertThat(await(1)).containsExactly(new Done(5, -Kernel.ECANCELED, 0));
    }

    /** sendfile(2) needs sockets that don't block; the kernel's own receives ignore that. */
    @Test
    void receive_waits_onASocketThatDoesNotBlock() throws Exception {
        ring.receive(pair[0], 0, 9);
        assertThat(now()).isEmpty();
        Kernel.signal(pair[1]);
        assertThat(await(1).getFirst().result()).isEqualTo(EIGHT);
    }
}
