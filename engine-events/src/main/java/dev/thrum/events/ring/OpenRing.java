package dev.thrum.events.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A ring in the kernel: its descriptor and the memory that it shares. Opened, used and closed by one thread.
 *
 * <p>Offsets are those of {@code struct io_uring_params} (io_uring_setup(2)).
 */
final class OpenRing implements Ring.Enter {
    private static final int CQSIZE = 1 << 3;
    private static final int SUBMIT_ALL = 1 << 7;
    private static final int COOP_TASKRUN = 1 << 8;
    private static final int SINGLE_ISSUER = 1 << 12;
    private static final int DEFER_TASKRUN = 1 << 13;
    private static final int NO_SQARRAY = 1 << 16;
    private static final int FLAGS = CQSIZE | SUBMIT_ALL | COOP_TASKRUN | SINGLE_ISSUER | DEFER_TASKRUN;

    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int FEATURE_NO_IOWAIT = 1 << 17;

    private static final int PARAMETERS = 120;
    private static final int CQ_ENTRIES = 4;
    private static final int SETUP_FLAGS = 8;
    private static final int FEATURES = 20;
    private static final int SQ_HEAD = 40;
    private static final int SQ_TAIL = 44;
    private static final int SQ_FLAGS = 56;
    private static final int SQ_ARRAY = 64;
    private static final int CQ_HEAD = 80;
    private static final int CQ_TAIL = 84;
    private static final int CQES = 100;

    private static final long OFFSET_QUEUES = 0;
    private static final long OFFSET_ENTRIES = 0x1000_0000;

    private static final int REGISTER_RING_FDS = 20;
    private static final int ENTER_REGISTERED = 16;
    private static final int ENTER_NO_IOWAIT = 128;

    final int descriptor;
    final Queues queues;

    /** Not of a confined arena: virtual threads that the ring's thread carries make calls too. */
    private final MemorySegment state = Kernel.state(Arena.ofAuto());

    private final int enterDescriptor;
    private final int enterFlags;
    private final long shared;
    private final long sharedBytes;
    private final long entriesBytes;

    private OpenRing(int descriptor, long parameters, boolean array) throws KernelException {
        this.descriptor = descriptor;
        int features = Kernel.getInt(parameters + FEATURES);
        if ((features & FEATURE_SINGLE_MMAP) == 0) {
            throw new KernelException("io_uring_setup (one mapping for both queues)", Kernel.EINVAL);
        }
        int submissions = Kernel.getInt(parameters);
        int completions = Kernel.getInt(parameters + CQ_ENTRIES);
        long end = Kernel.getInt(parameters + CQES) + (long) completions * Queues.COMPLETION;
        long arrayAt = Kernel.getInt(parameters + SQ_ARRAY);
        this.sharedBytes = array ? Math.max(end, arrayAt + (long) submissions * Integer.BYTES) : end;
        this.entriesBytes = (long) submissions * Queues.ENTRY;
        this.shared = Kernel.map(descriptor, sharedBytes, OFFSET_QUEUES);
        long entries;
        try {
            entries = Kernel.map(descriptor, entriesBytes, OFFSET_ENTRIES);
        } catch (OutOfMemoryError e) {
            Kernel.unmap(shared, sharedBytes);
            throw e;
        }
        if (array) {
            // Entry i of the array names entry i of the queue.
            for (int i = 0; i < submissions; i++) {
                Kernel.putInt(shared + arrayAt + (long) i * Integer.BYTES, i);
            }
        }
        this.queues = new Queues(
                shared + Kernel.getInt(parameters + SQ_HEAD),
                shared + Kernel.getInt(parameters + SQ_TAIL),
                shared + Kernel.getInt(parameters + SQ_FLAGS),
                submissions,
                entries,
                shared + Kernel.getInt(parameters + CQ_HEAD),
                shared + Kernel.getInt(parameters + CQ_TAIL),
                completions,
                shared + Kernel.getInt(parameters + CQES));
        int registered = registerDescriptor();
        this.enterDescriptor = registered < 0 ? descriptor : registered;
        this.enterFlags =
                (registered < 0 ? 0 : ENTER_REGISTERED) | ((features & FEATURE_NO_IOWAIT) == 0 ? 0 : ENTER_NO_IOWAIT);
    }

    static OpenRing open(int submissions, int completions) throws KernelException {
        return open(submissions, completions, false);
    }

    /**
     * Opens a ring.
     *
     * @param indexed whether to have an array of indexes, which Linux before 6.6 needs
     */
    static OpenRing open(int submissions, int completions, boolean indexed) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long parameters = arena.allocate(PARAMETERS, Long.BYTES).address();
            boolean array = indexed;
            int descriptor = array ? -Kernel.EINVAL : setup(submissions, completions, FLAGS | NO_SQARRAY, parameters);
            if (descriptor == -Kernel.EINVAL) {
                array = true;
                descriptor = setup(submissions, completions, FLAGS, parameters);
            }
            KernelException.check(descriptor, "io_uring_setup");
            try {
                return new OpenRing(descriptor, parameters, array);
            } catch (KernelException | RuntimeException | Error e) {
                Kernel.close(descriptor);
                throw e;
            }
        }
    }

    private static int setup(int submissions, int completions, int flags, long parameters) {
        for (int i = 0; i < PARAMETERS; i += Long.BYTES) {
            Kernel.putLong(parameters + i, 0);
        }
        Kernel.putInt(parameters + CQ_ENTRIES, completions);
        Kernel.putInt(parameters + SETUP_FLAGS, flags);
        return Kernel.setup(submissions, parameters);
    }

    /** Registers the ring's own descriptor with this thread, which spares a look-up for each call. */
    private int registerDescriptor() {
        try (Arena own = Arena.ofConfined()) {
            // A struct io_uring_rsrc_update; -1 stands for any free place.
            long update = own.allocate(16, Long.BYTES).address();
            Kernel.putInt(update, -1);
            Kernel.putLong(update + Long.BYTES, descriptor);
            return Kernel.register(descriptor, REGISTER_RING_FDS, update, 1) == 1 ? Kernel.getInt(update) : -1;
        }
    }

    @Override
    public int enter(int submit, int wait, int flags, long argument) {
        return Kernel.enter(state, enterDescriptor, submit, wait, flags | enterFlags, argument);
    }

    @Override
    public void close() {
        Kernel.unmap(queues.entries(), entriesBytes);
        Kernel.unmap(shared, sharedBytes);
        Kernel.close(descriptor);
    }
}
