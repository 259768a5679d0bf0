package dev.thrum.events.ring;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The system calls of Linux that the ring's loops make, and access to memory by address: the only class of this package with
 * native calls. A wrong address ends the JVM, so only this package handles addresses.
 *
 * <p>A call returns its result, or the negative of its error number (errno(3)). The calls that can't wait are made without a
 * transition of the thread ({@link Linker.Option#critical}); one that could wait would hold up the garbage collector, so
 * {@link #enter} and those for opening things are ordinary calls. Constants are those of x86-64 and AArch64. Any thread may
 * call.
 */
public final class Kernel {
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;
    public static final int ENOSYS = 38;
    public static final int ETIME = 62;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ECANCELED = 125;

    private static final long SYS_IO_URING_SETUP = 425;
    private static final long SYS_IO_URING_ENTER = 426;
    private static final long SYS_IO_URING_REGISTER = 427;

    /** The size in bytes of the argument of {@link #enter}. */
    static final int ENTER_ARGUMENT = 24;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int CLOEXEC = 0x80000;

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_SNDBUF = 7;
    private static final int SO_LINGER = 13;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;

    private static final long SIOCOUTQ = 0x5411;
    private static final int SHUT_WR = 1;
    private static final int MSG_PEEK_DONTWAIT = 0x42;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private Kernel() {}

    /** The functions of the C library, looked up at the first use: that fails where native calls are forbidden. */
    @SuppressWarnings("restricted") // What this class is for.
    private static final class Calls {
        static final Linker LINKER = Linker.nativeLinker();

        /** All memory. */
        static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

        static final MethodHandle SYSCALL = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));

        // Ordinary calls.
        static final MethodHandle MMAP =
                ordinary("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
        static final MethodHandle MUNMAP = ordinary("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
        static final MethodHandle SOCKET = ordinary("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
        static final MethodHandle SOCKETPAIR =
                ordinary("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
        static final MethodHandle BIND = ordinary("bind", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle LISTEN = ordinary("listen", JAVA_INT, JAVA_INT, JAVA_INT);
        static final MethodHandle EVENTFD = ordinary("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);

        // Calls that can't wait.
        static final MethodHandle CLOSE = critical("close", JAVA_INT, JAVA_INT);
        static final MethodHandle SHUTDOWN = critical("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
        static final MethodHandle SETSOCKOPT =
                critical("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle GETPEERNAME = critical("getpeername", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
        static final MethodHandle GETSOCKNAME = critical("getsockname", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
        static final MethodHandle RECV = critical("recv", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
        static final MethodHandle WRITE = critical("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);

        static final MethodHandle IOCTL = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(2),
                Linker.Option.captureCallState("errno"));

        static final MethodHandle STRERROR = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

        /** The number 1, as an eventfd takes it. */
        static final long ONE = one();

        private Calls() {}

        private static MethodHandle ordinary(String name, MemoryLayout result, MemoryLayout... arguments) {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(result, arguments),
                    Linker.Option.captureCallState("errno"));
        }

        private static MethodHandle critical(String name, MemoryLayout result, MemoryLayout... arguments) {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(result, arguments),
                    Linker.Option.critical(false),
                    Linker.Option.captureCallState("errno"));
        }

        private static long one() {
            MemorySegment number = Arena.global().allocate(JAVA_LONG);
            number.set(JAVA_LONG, 0, 1);
            return number.address();
        }

        static String text(int error) throws Throwable {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(error);
            return text.reinterpret(LONGEST_TEXT).getString(0);
        }

        private static final int LONGEST_TEXT = 256;
    }

    /** Why this JVM makes no native calls; empty if it does. */
    public static Optional<String> problem() {
        return Loaded.PROBLEM;
    }

    /** The result of loading {@link Calls}, which is tried once. */
    private static final class Loaded {
        static final Optional<String> PROBLEM = tried();

        private Loaded() {}

        private static Optional<String> tried() {
            try {
                return Calls.ONE == 0 ? Optional.of("no memory could be had") : Optional.empty();
            } catch (LinkageError e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
    }

    /** What an error number means, in words, for example {@code Connection refused}. */
    public static String text(int error) {
        try {
            return Calls.text(error);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    // The ring.

    /** Opens a ring; returns its descriptor. {@code parameters}: the address of a {@code struct io_uring_params}. */
    static int setup(int entries, long parameters) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(state, (int) (long)
                    Calls.SYSCALL.invokeExact(state, SYS_IO_URING_SETUP, (long) entries, parameters, 0L, 0L, 0L, 0L));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static int register(int ring, int operation, long argument, int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(state, (int) (long) Calls.SYSCALL.invokeExact(
                    state, SYS_IO_URING_REGISTER, (long) ring, (long) operation, argument, (long) count, 0L, 0L));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * Submits entries and waits for completions; returns the number of entries that the kernel has taken.
     *
     * @param state from {@link #state}, of the calling thread
     * @param argument the address of a {@code struct io_uring_getevents_arg}, or 0
     */
    static int enter(MemorySegment state, int ring, int submit, int wait, int flags, long argument) {
        long size = argument == 0 ? 0 : ENTER_ARGUMENT;
        try {
            return result(state, (int) (long) Calls.SYSCALL.invokeExact(
                    state, SYS_IO_URING_ENTER, (long) ring, (long) submit, (long) wait, (long) flags, argument, size));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Room for the error number of a call. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    // Sockets and other descriptors.

    /** Opens a TCP socket that does not block, of the family of this address. */
    public static int socket(InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            int family = SocketAddresses.isSix(address) ? AF_INET6 : AF_INET;
            int kind = SOCK_STREAM | SOCK_NONBLOCK | CLOEXEC;
            return result(state, (int) Calls.SOCKET.invokeExact(state, family, kind, 0));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Opens two connected local stream sockets. Returns both, or one negative error number. */
    public static int[] socketPair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            int kind = SOCK_STREAM | SOCK_NONBLOCK | CLOEXEC;
            int result = result(state, (int) Calls.SOCKETPAIR.invokeExact(state, 1, kind, 0, pair.address()));
            return result < 0 ? new int[] {result} : pair.toArray(JAVA_INT);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Lets a socket bind an address that old connections still use, and listens there; returns 0 or an error. */
    public static int listen(int socket, InetSocketAddress address, int backlog) {
        int reused = option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        if (reused < 0) {
            return reused;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            byte[] bytes = SocketAddresses.encode(address);
            MemorySegment where = arena.allocateFrom(JAVA_BYTE, bytes);
            int bound = result(state, (int) Calls.BIND.invokeExact(state, socket, where.address(), bytes.length));
            return bound < 0 ? bound : result(state, (int) Calls.LISTEN.invokeExact(state, socket, backlog));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Sends small packets at once, and sets the size of the send buffer; a listening socket passes both on. */
    public static int tune(int socket, int sendBuffer) {
        int result = option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
        return result < 0 ? result : option(socket, SOL_SOCKET, SO_SNDBUF, sendBuffer);
    }

    /** Makes the close of a socket reset the connection. */
    public static int resetOnClose(int socket) {
        return option(socket, SOL_SOCKET, SO_LINGER, 1, 0);
    }

    private static int option(int socket, int level, int name, int... values) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment value = arena.allocateFrom(JAVA_INT, values);
            return result(state, (int)
                    Calls.SETSOCKOPT.invokeExact(state, socket, level, name, value.address(), (int) value.byteSize()));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** The address of a socket's peer; empty if it has disconnected. */
    public static Optional<InetSocketAddress> peer(int socket) {
        return name(Calls.GETPEERNAME, socket);
    }

    /** The address of a socket; empty if it has none. */
    public static Optional<InetSocketAddress> local(int socket) {
        return name(Calls.GETSOCKNAME, socket);
    }

    private static Optional<InetSocketAddress> name(MethodHandle call, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment address = arena.allocate(SocketAddresses.LONGEST, JAVA_LONG.byteAlignment());
            MemorySegment length = arena.allocate(JAVA_LONG);
            length.set(JAVA_INT, 0, SocketAddresses.LONGEST);
            int result = (int) call.invokeExact(state, socket, address.address(), length.address());
            return result < 0 ? Optional.empty() : SocketAddresses.decode(address.toArray(JAVA_BYTE));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Whether there is input, without taking it: 1, 0 at the end of the stream, -{@link #EAGAIN} if there is none. */
    public static int peek(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment one = arena.allocate(JAVA_BYTE);
            return result(
                    state, (int) (long) Calls.RECV.invokeExact(state, socket, one.address(), 1L, MSG_PEEK_DONTWAIT));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** The number of bytes that a socket has taken and its peer has not acknowledged, or an error (tcp(7)). */
    public static int unacknowledged(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            MemorySegment count = arena.allocate(JAVA_INT);
            int result = result(state, (int) Calls.IOCTL.invokeExact(state, socket, SIOCOUTQ, count.address()));
            return result < 0 ? result : count.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Ends the output of a socket. */
    public static int shutdownOutput(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(state, (int) Calls.SHUTDOWN.invokeExact(state, socket, SHUT_WR));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    public static int close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(state, (int) Calls.CLOSE.invokeExact(state, descriptor));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Opens a counter that {@link #signal} increments, and whose change a poll reports (eventfd(2)). */
    public static int eventDescriptor() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(state, (int) Calls.EVENTFD.invokeExact(state, 0, SOCK_NONBLOCK | CLOEXEC));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Increments the counter of {@link #eventDescriptor}. */
    public static int signal(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(
                    state, (int) (long) Calls.WRITE.invokeExact(state, descriptor, Calls.ONE, JAVA_LONG.byteSize()));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static int result(MemorySegment state, int result) {
        return result >= 0 ? result : -state.get(JAVA_INT, 0);
    }

    private static IllegalStateException failed(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("expected a call of the C library to return but it failed", cause);
    }

    // Memory.

    /** Maps this many bytes of new memory; throws {@link OutOfMemoryError} if there are none. */
    static long map(long bytes) {
        return map(bytes, MAP_PRIVATE_ANONYMOUS, -1, 0);
    }

    /** Maps memory that a ring's descriptor shares. */
    static long map(int ring, long bytes, long offset) {
        return map(bytes, MAP_SHARED_POPULATE, ring, offset);
    }

    private static long map(long bytes, int flags, int descriptor, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            long address = (long) Calls.MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, flags, descriptor, offset);
            if (address == -1) {
                throw new OutOfMemoryError("expected " + bytes + " bytes of memory from the system but mmap failed: "
                        + text(state.get(JAVA_INT, 0)));
            }
            return address;
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static int unmap(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = state(arena);
            return result(state, (int) Calls.MUNMAP.invokeExact(state, address, bytes));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    static int getInt(long address) {
        return Calls.MEMORY.get(JAVA_INT, address);
    }

    static long getLong(long address) {
        return Calls.MEMORY.get(JAVA_LONG, address);
    }

    static void putShort(long address, short value) {
        Calls.MEMORY.set(JAVA_SHORT, address, value);
    }

    static void putInt(long address, int value) {
        Calls.MEMORY.set(JAVA_INT, address, value);
    }

    static void putLong(long address, long value) {
        Calls.MEMORY.set(JAVA_LONG, address, value);
    }

    static int getIntAcquire(long address) {
        return (int) INT.getAcquire(Calls.MEMORY, address);
    }

    static void putIntRelease(long address, int value) {
        INT.setRelease(Calls.MEMORY, address, value);
    }

    static void putShortRelease(long address, short value) {
        SHORT.setRelease(Calls.MEMORY, address, value);
    }

    static void copyFrom(long address, byte[] target, int offset, int length) {
        MemorySegment.copy(Calls.MEMORY, JAVA_BYTE, address, target, offset, length);
    }

    static void copyTo(long address, byte[] source, int offset, int length) {
        MemorySegment.copy(source, offset, Calls.MEMORY, JAVA_BYTE, address, length);
    }

    /** Copies the next bytes of a buffer, which it consumes. */
    static void copyTo(long address, ByteBuffer source, int length) {
        MemorySegment.copy(MemorySegment.ofBuffer(source), 0, Calls.MEMORY, address, length);
        source.position(source.position() + length);
    }
}
