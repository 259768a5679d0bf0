package dev.thrum.events.ring;

import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring: a queue of entries that tell the kernel what to do, and a queue of completions that tell what has happened
 * (io_uring(7)).
 *
 * <p>One thread opens, uses and closes it: the kernel refuses calls of others ({@code IORING_SETUP_SINGLE_ISSUER}). Only the
 * kernel changes the queues at the same time, so their counters are read with acquire and written with release. The kernel
 * works for this ring only during {@link #enter} ({@code IORING_SETUP_DEFER_TASKRUN}).
 *
 * <p>What is asked for begins with the next {@link #enter}. Each has a number of the caller's, {@code data}, which its
 * completions carry.
 */
public final class Ring implements AutoCloseable {
    /** Flags of a completion: the same operation will have more of them. */
    public static final int MORE = 1 << 1;

    /** The entries of the submission queue. More can be submitted in one turn: a full queue is handed to the kernel. */
    static final int SUBMISSIONS = 1_024;

    /** The entries of the completion queue. The kernel keeps what does not fit. */
    static final int COMPLETIONS = 4_096;

    /** The bits of the completions' flags above which the buffer is. */
    private static final int BUFFER_SHIFT = 16;

    private static final int POLL_ADD = 6;
    private static final int ACCEPT = 13;
    private static final int ASYNC_CANCEL = 14;
    private static final int LINK_TIMEOUT = 15;
    private static final int CONNECT = 16;
    private static final int SEND = 26;
    private static final int RECV = 27;

    // Flags of an entry, in its second byte.
    private static final int LINK = 1 << 10;
    private static final int BUFFER_SELECT = 1 << 13;
    private static final int SKIP_SUCCESS = 1 << 14;

    // Flags of an operation, in the upper half of the first word.
    private static final int ACCEPT_MULTISHOT = 1 << 16;
    private static final int RECV_MULTISHOT = 2 << 16;

    private static final int MSG_WAITALL = 0x100;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x80800;
    private static final int POLL_MULTISHOT = 1;
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 8;
    private static final int CQ_OVERFLOW = 2;

    // Places in an entry (struct io_uring_sqe).
    private static final int OFFSET_AT = 8;
    private static final int ADDRESS_AT = 16;
    private static final int LENGTH_AT = 24;
    private static final int DATA_AT = 32;
    private static final int LAST_AT = 40;
    private static final int LIMIT_SHIFT = 32;

    // An io_uring_getevents_arg, and the timespec to which it points.
    private static final int TIMESPEC = 16;
    private static final long NANOS = 1_000_000_000;

    /** Where the time of a connection attempt is in its chunk, after the address. */
    private static final int CONNECT_TIME_AT = 64;

    /** How often a full queue is handed to a kernel that has no memory for it now, before this is an error. */
    private static final int MOST_TRIES = 1_000;

    private final Queues queues;
    private final Enter kernel;
    private final @Nullable ProvidedBuffers buffers;
    private final Arena arena = Arena.ofConfined();
    private final long argument =
            arena.allocate(Kernel.ENTER_ARGUMENT + TIMESPEC, Long.BYTES).address();

    // Both owned by the thread; the kernel sees them in the queues.
    private int tail;
    private int head;

    /** The kernel's side of a ring. */
    interface Enter {
        /**
         * Hands entries to the kernel and waits.
         *
         * @param submit the number of entries
         * @param wait the number of completions to wait for
         * @return the number of entries taken, or the negative of an error number
         */
        int enter(int submit, int wait, int flags, long argument);

        /** Frees the queues. */
        void close();
    }

    /** Receives completions. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Something has happened.
         *
         * @param data the number that came with the operation
         * @param result its result, or the negative of an error number
         * @param flags {@link #MORE}; and the buffer, see {@link #buffer}
         */
        void complete(long data, int result, int flags);
    }

    /** Uses queues in memory that belongs to {@code kernel}. */
    Ring(Queues queues, Enter kernel, @Nullable ProvidedBuffers buffers) {
        this.queues = queues;
        this.kernel = kernel;
        this.buffers = buffers;
        this.tail = Kernel.getIntAcquire(queues.submissionTail());
        this.head = Kernel.getIntAcquire(queues.completionHead());
        Kernel.putLong(argument, 0);
        Kernel.putLong(argument + 8, 0);
        Kernel.putLong(argument + 16, argument + Kernel.ENTER_ARGUMENT);
    }

    /**
     * Opens a ring.
     *
     * @param buffers the number of provided buffers, a power of two, or 0 for a ring that receives nothing
     * @throws KernelException if the system refuses it
     */
    public static Ring open(int buffers) throws KernelException {
        OpenRing open = OpenRing.open(SUBMISSIONS, COMPLETIONS);
        try {
            return new Ring(
                    open.queues, open, buffers == 0 ? null : ProvidedBuffers.register(open.descriptor, buffers));
        } catch (KernelException | RuntimeException | Error e) {
            open.close();
            throw e;
        }
    }

    /** The buffers into which it receives. */
    public ProvidedBuffers buffers() {
        return Objects.requireNonNull(buffers);
    }

    /** The buffer of a receive that has brought bytes; the receiver gives it back. */
    public static int buffer(int flags) {
        return flags >>> BUFFER_SHIFT;
    }

    /**
     * Receives, each time into a provided buffer. Its last completion is without {@link #MORE}: after the end of the stream
     * (0), an error, or a number of bytes.
     *
     * @param limit ends it after at least this many bytes (Linux 6.17); 0 to receive once
     */
    public void receive(int socket, int limit, long data) {
        int first = limit == 0 ? RECV | BUFFER_SELECT : RECV | BUFFER_SELECT | RECV_MULTISHOT;
        long entry = entry(first, socket, 0, 0, 0, data);
        Kernel.putLong(entry + LAST_AT, (long) limit << LIMIT_SHIFT | ProvidedBuffers.GROUP);
    }

    /** Sends the rest of a chunk, which must not change before the completion: the number of bytes sent, or an error. */
    public void send(int socket, Chunk chunk, long data) {
        entry(SEND, socket, chunk.next(), chunk.length(), MSG_WAITALL | MSG_NOSIGNAL, data);
    }

    /** Accepts connections, until a completion without {@link #MORE}. Each brings a descriptor that does not block. */
    public void accept(int socket, long data) {
        entry(ACCEPT | ACCEPT_MULTISHOT, socket, 0, 0, SOCK_NONBLOCK_CLOEXEC, data);
    }

    /**
     * Waits for events of a descriptor (poll(2)), which the completion brings.
     *
     * @param again whether to report further events too, until a completion without {@link #MORE}
     */
    public void poll(int descriptor, int events, boolean again, long data) {
        entry(POLL_ADD, descriptor, 0, again ? POLL_MULTISHOT : 0, events, data);
    }

    /**
     * Opens a connection. Completed with 0, an error, or {@link Kernel#ECANCELED} when the time is over.
     *
     * @param memory an empty chunk, lent until the completion
     * @param nanos how long it may take at most
     * @param ignored the number of a second completion, which means nothing
     */
    public void connect(int socket, InetSocketAddress to, Chunk memory, long nanos, long data, long ignored) {
        makeRoom(2);
        byte[] address = SocketAddresses.encode(to);
        long at = memory.next();
        memory.put(address, 0, address.length);
        putTime(at + CONNECT_TIME_AT, nanos);
        long entry = entry(CONNECT | LINK, socket, at, 0, 0, data);
        Kernel.putLong(entry + OFFSET_AT, address.length);
        entry(LINK_TIMEOUT, -1, at + CONNECT_TIME_AT, 1, 0, ignored);
    }

    /** Cancels an operation, which then completes, most often with {@link Kernel#ECANCELED}. */
    public void cancel(long target, long ignored) {
        entry(ASYNC_CANCEL | SKIP_SUCCESS, -1, target, 0, 0, ignored);
    }

    private long entry(int first, int descriptor, long address, int length, int flags, long data) {
        makeRoom(1);
        long entry = queues.entries() + (long) (tail & (queues.submissions() - 1)) * Queues.ENTRY;
        Kernel.putLong(entry, Integer.toUnsignedLong(first) | (long) descriptor << Integer.SIZE);
        Kernel.putLong(entry + OFFSET_AT, 0);
        Kernel.putLong(entry + ADDRESS_AT, address);
        Kernel.putLong(entry + LENGTH_AT, Integer.toUnsignedLong(length) | (long) flags << Integer.SIZE);
        Kernel.putLong(entry + DATA_AT, data);
        Kernel.putLong(entry + LAST_AT, 0);
        Kernel.putLong(entry + LAST_AT + 8, 0);
        Kernel.putLong(entry + LAST_AT + 16, 0);
        tail++;
        return entry;
    }

    private int room() {
        return queues.submissions() - (tail - Kernel.getIntAcquire(queues.submissionHead()));
    }

    /** Hands a full queue to the kernel. */
    private void makeRoom(int count) {
        for (int tries = 0; room() < count; tries++) {
            int result = enter(0);
            if (tries >= MOST_TRIES) {
                throw new IllegalStateException(
                        "expected room for an entry but the kernel takes none: " + Kernel.text(Math.max(0, -result)));
            }
        }
    }

    /**
     * Hands new entries to the kernel, and lets it work.
     *
     * @param wait whether to wait for a completion, unless there is one
     * @param nanos how long to wait at most, or 0: without limit
     * @throws KernelException if the kernel fails for another reason than an interrupt, the end of that time, or a want of
     *     memory that passes
     */
    public void enter(boolean wait, long nanos) throws KernelException {
        int result;
        if (wait && nanos > 0) {
            putTime(argument + Kernel.ENTER_ARGUMENT, nanos);
            result = kernel.enter(submit(), 1, ENTER_GETEVENTS | ENTER_EXT_ARG, argument);
        } else {
            result = enter(wait ? 1 : 0);
        }
        switch (-result) {
            // What was not taken is handed over the next time.
            case Kernel.ETIME, Kernel.EINTR, Kernel.EBUSY, Kernel.EAGAIN, Kernel.ENOBUFS, Kernel.ECANCELED -> {}
            default -> KernelException.check(result, "io_uring_enter");
        }
    }

    private int enter(int wait) {
        return kernel.enter(submit(), wait, ENTER_GETEVENTS, 0);
    }

    private int submit() {
        int count = tail - Kernel.getIntAcquire(queues.submissionHead());
        if (count > 0) {
            Kernel.putIntRelease(queues.submissionTail(), tail);
        }
        return count;
    }

    private static void putTime(long address, long nanos) {
        Kernel.putLong(address, nanos / NANOS);
        Kernel.putLong(address + 8, nanos % NANOS);
    }

    /** Whether there are completions that {@link #complete} has not handed out. */
    public boolean hasCompletions() {
        return head != Kernel.getIntAcquire(queues.completionTail())
                || (Kernel.getInt(queues.submissionFlags()) & CQ_OVERFLOW) != 0;
    }

    /** Hands out the completions that are there; {@code sink} may submit. Returns their number. */
    public int complete(Sink sink) {
        int end = Kernel.getIntAcquire(queues.completionTail());
        int count = end - head;
        try {
            while (head != end) {
                long at = queues.completed() + (long) (head & (queues.completions() - 1)) * Queues.COMPLETION;
                long data = Kernel.getLong(at);
                int result = Kernel.getInt(at + 8);
                int flags = Kernel.getInt(at + 12);
                head++;
                sink.complete(data, result, flags);
            }
        } finally {
            Kernel.putIntRelease(queues.completionHead(), head);
        }
        return count;
    }

    /** Closes the ring. No operation with memory may be under way: receives, sends, connection attempts. */
    @Override
    public void close() {
        kernel.close();
        if (buffers != null) {
            buffers.close();
        }
        arena.close();
    }
}
