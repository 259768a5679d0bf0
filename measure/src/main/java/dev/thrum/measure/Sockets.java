package dev.thrum.measure;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * TCP connections to one address, and the epoll instance that watches them: Linux only. Owned by the thread that makes it.
 *
 * <p>There are two ways to use it: {@link #connect}, {@link #poll} and the methods with addresses, for a generator that never
 * sleeps; or those of {@link Wires}.
 */
public final class Sockets implements Wires {
    private static final int EVENTS = 1_024;
    private static final int FEW = 64;

    /** The most bytes that one call receives for {@link Wires}. */
    public static final int BUFFER = 65_536;

    private static final int INET = 2;
    private static final int INET6 = 10;
    private static final int STREAM = 1;
    private static final int NONBLOCK = 0x800;
    private static final int TCP = 6;
    private static final int NODELAY = 1;
    private static final int SOCKET = 1;
    private static final int ERROR = 4;
    private static final int ADDRESS = 16;
    private static final int ADDRESS6 = 28;
    private static final int HOST6 = 8;
    private static final int SCOPE6 = 24;
    private static final int SHUT_WRITING = 1;
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_MODIFY = 3;
    private static final int EPOLL_IN = 1;
    private static final int EPOLL_OUT = 4;
    private static final int IN_PROGRESS = 115;

    /** What a call reports when the process has no descriptor left. */
    private static final int NO_DESCRIPTOR = 24;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** A longer wait is made in two parts: the kernel lets a wait end later by up to a thousandth of its time. */
    private static final long LONG_WAIT = 2_000_000;

    /** Linux packs the structure only on this processor. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;

    private final Arena arena = Arena.ofConfined();
    private final int epoll = Libc.epollCreate();
    private final MemorySegment events = arena.allocate((long) EVENT * EVENTS, 8);
    private final MemorySegment errno = Libc.errno(arena);
    private final MemorySegment time = arena.allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());
    private final MemorySegment address;
    private final MemorySegment one = arena.allocate(JAVA_INT);
    private final MemorySegment option = arena.allocate(JAVA_INT);
    private final MemorySegment optionLength = arena.allocate(JAVA_INT);
    private final MemorySegment input = arena.allocate(BUFFER);
    private final int family;

    /** The descriptors in the order of the connections; -1 is a closed one. */
    private int[] descriptors = new int[FEW];

    /** How often each connection has been opened, so that an event for an earlier one isn't taken for the present one. */
    private int[] openings = new int[FEW];

    private int opened;

    /** Connections to this port of 127.0.0.1. */
    public Sockets(int port) {
        this(new InetSocketAddress(loopback(), port));
    }

    /** Connections to this address, whose host has been looked up. */
    public Sockets(InetSocketAddress target) {
        boolean isOld = target.getAddress() instanceof Inet4Address;
        family = isOld ? INET : INET6;
        address = arena.allocate(isOld ? ADDRESS : ADDRESS6, 8);
        address.set(JAVA_SHORT, 0, (short) family);
        byte[] host = target.getAddress().getAddress();
        ByteBuffer bytes = address.asByteBuffer().order(ByteOrder.BIG_ENDIAN).putShort(2, (short) target.getPort());
        bytes.put(isOld ? Integer.BYTES : HOST6, host);
        if (target.getAddress() instanceof java.net.Inet6Address scoped) {
            address.set(JAVA_INT, SCOPE6, scoped.getScopeId());
        }
        one.set(JAVA_INT, 0, 1);
        Arrays.fill(descriptors, -1);
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("expected four bytes to be an address", e);
        }
    }

    /** Lets waits of the calling thread end in time; fails where the system can't wait for less than a millisecond. */
    public static void requireExactWaits() throws IOException {
        if (!Libc.hasEpollWait()) {
            throw new IOException("expected Linux 5.11 and glibc 2.35, or newer ones, for waits of less than a"
                    + " millisecond but epoll_pwait2 is missing: run this on a newer system");
        }
        Libc.waitExactly();
    }

    /** The number of connections that have been opened; they are numbered from 0. */
    public int opened() {
        return opened;
    }

    /** Opens the next connection, and waits until it is open. */
    public void connect() throws IOException {
        int descriptor = Libc.socket(family, STREAM, 0);
        check(descriptor, "a socket: raise the limit of open files (ulimit -n)");
        int connection = opened;
        put(connection, descriptor);
        check(
                Libc.connect(errno, descriptor, address.address(), (int) address.byteSize()),
                "to connect number " + opened);
        check(Libc.setsockopt(descriptor, TCP, NODELAY, one.address(), Integer.BYTES), "to set TCP_NODELAY");
        check(watch(connection, EPOLL_ADD, EPOLL_IN), "to watch connection number " + opened);
    }

    @Override
    public int open(int connection) {
        int descriptor = Libc.socket(family, STREAM | NONBLOCK, 0);
        if (descriptor < 0) {
            return NO_DESCRIPTOR;
        }
        put(connection, descriptor);
        var _ = Libc.setsockopt(descriptor, TCP, NODELAY, one.address(), Integer.BYTES);
        int failure = -Libc.connect(errno, descriptor, address.address(), (int) address.byteSize());
        if (failure != 0 && failure != IN_PROGRESS) {
            return failure;
        }
        return watch(connection, EPOLL_ADD, EPOLL_OUT) < 0 ? NO_DESCRIPTOR : 0;
    }

    private void put(int connection, int descriptor) {
        int had = descriptors.length;
        if (connection >= had) {
            descriptors = Arrays.copyOf(descriptors, Math.max(2 * had, connection + 1));
            openings = Arrays.copyOf(openings, descriptors.length);
            Arrays.fill(descriptors, had, descriptors.length, -1);
        }
        descriptors[connection] = descriptor;
        openings[connection]++;
        opened = Math.max(opened, connection + 1);
    }

    @Override
    public int failure(int connection) {
        optionLength.set(JAVA_INT, 0, Integer.BYTES);
        int result = Libc.getsockopt(descriptors[connection], SOCKET, ERROR, option.address(), optionLength.address());
        return result < 0 ? -result : option.get(JAVA_INT, 0);
    }

    @Override
    public void watch(int connection, boolean isOutput) {
        var _ = watch(connection, EPOLL_MODIFY, isOutput ? EPOLL_OUT : EPOLL_IN);
    }

    private int watch(int connection, int operation, int what) {
        events.set(JAVA_INT_UNALIGNED, 0, what);
        events.set(JAVA_INT_UNALIGNED, EVENT_DATA, connection);
        events.set(JAVA_INT_UNALIGNED, EVENT_DATA + Integer.BYTES, openings[connection]);
        return Libc.epollCtl(epoll, operation, descriptors[connection], events.address());
    }

    /** Passes on the connections that have input now, without waiting; returns their number. */
    public int poll(Ready ready) throws IOException {
        int count = Libc.epollPoll(epoll, events.address(), EVENTS);
        for (int i = 0; i < count; i++) {
            ready.receive(events.get(JAVA_INT_UNALIGNED, (long) i * EVENT + EVENT_DATA));
        }
        return count;
    }

    @Override
    public void await(long nanos, Ready ready) throws IOException {
        long wait = Math.max(0, nanos > LONG_WAIT ? nanos - nanos / 8 : nanos);
        time.set(JAVA_LONG, 0, wait / NANOS_PER_SECOND);
        time.set(JAVA_LONG, JAVA_LONG.byteSize(), wait % NANOS_PER_SECOND);
        int count = Libc.epollWait(epoll, events.address(), EVENTS, time.address());
        for (int i = 0; i < count; i++) {
            // Read before the call: a connection that it watches is written over the first event.
            int connection = events.get(JAVA_INT_UNALIGNED, (long) i * EVENT + EVENT_DATA);
            int opening = events.get(JAVA_INT_UNALIGNED, (long) i * EVENT + EVENT_DATA + Integer.BYTES);
            if (opening == openings[connection] && descriptors[connection] >= 0) {
                ready.receive(connection);
            }
        }
    }

    /** The number of bytes received; 0 at the end of the stream, negative after a reset. */
    public long receive(int connection, long target, long length) {
        return Libc.recv(errno, descriptors[connection], target, length);
    }

    @Override
    public int receive(int connection, byte[] target) {
        int count = (int) Libc.recv(errno, descriptors[connection], input.address(), Math.min(BUFFER, target.length));
        if (count > 0) {
            MemorySegment.copy(input, JAVA_BYTE, 0, target, 0, count);
        }
        return count;
    }

    /**
     * Waits, in native code and without an end, for bytes, and discards them; returns their number. The thread that carries a
     * virtual thread waits, too.
     */
    public long awaitInNativeCode(int connection) {
        return Libc.recvWaiting(errno, descriptors[connection], input.address(), BUFFER);
    }

    /** Like {@link #receive(int, long, long)}, but discards the bytes. */
    public long discard(int connection, long length) {
        return Libc.discard(errno, descriptors[connection], length);
    }

    /** Sends these bytes, all at once. */
    public void send(int connection, long source, int length) throws IOException {
        long sent = Libc.send(errno, descriptors[connection], source, length);
        if (sent != length) {
            throw new IOException("expected to send " + length + " bytes on connection " + connection + " but sent "
                    + sent + ": the server has closed it");
        }
    }

    @Override
    public long send(int connection, MemorySegment bytes, long offset) {
        return Libc.send(errno, descriptors[connection], bytes.address() + offset, bytes.byteSize() - offset);
    }

    /** Sends these bytes, all at once; returns false if the server has closed the connection. */
    public boolean offer(int connection, long source, int length) {
        return Libc.send(errno, descriptors[connection], source, length) == length;
    }

    public void endOutput(int connection) throws IOException {
        check(Libc.shutdown(descriptors[connection], SHUT_WRITING), "to end connection " + connection);
    }

    /** Like {@link #endOutput}; returns false if the connection is closed, or the server has reset it. */
    public boolean tryEndOutput(int connection) {
        return descriptors[connection] >= 0 && Libc.shutdown(descriptors[connection], SHUT_WRITING) == 0;
    }

    public boolean isOpen(int connection) {
        return descriptors[connection] >= 0;
    }

    @Override
    public void close(int connection) {
        if (connection < descriptors.length && descriptors[connection] >= 0) {
            var _ = Libc.close(descriptors[connection]);
            descriptors[connection] = -1;
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < opened; i++) {
            close(i);
        }
        var _ = Libc.close(epoll);
        arena.close();
    }

    private static void check(int result, String expectation) throws IOException {
        if (result < 0) {
            throw new IOException("expected " + expectation + " but the system refused");
        }
    }
}
