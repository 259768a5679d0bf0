package dev.thrum.measure;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Connections to one port of 127.0.0.1, and the epoll instance that watches them. Owned by the thread that makes it. */
public final class Sockets implements AutoCloseable {
    private static final int EVENTS = 1_024;
    private static final int FEW = 64;

    private static final int INET = 2;
    private static final int STREAM = 1;
    private static final int TCP = 6;
    private static final int NODELAY = 1;
    private static final int ADDRESS = 16;
    private static final int SHUT_WRITING = 1;
    private static final int EPOLL_ADD = 1;
    private static final int EPOLL_IN = 1;

    /** Linux packs the structure only on this processor. */
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    private static final int EVENT = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;

    private final Arena arena = Arena.ofConfined();
    private final int epoll = Libc.epollCreate();
    private final MemorySegment events = arena.allocate((long) EVENT * EVENTS, 8);
    private final MemorySegment address = arena.allocate(ADDRESS, 8);
    private final MemorySegment one = arena.allocate(JAVA_INT);

    /** The descriptors in the order of the connections; -1 is a closed one. */
    private int[] descriptors = new int[FEW];

    private int opened;

    /** Gets the connections that have input. */
    @FunctionalInterface
    public interface Ready {
        void receive(int connection) throws IOException;
    }

    public Sockets(int port) {
        address.set(JAVA_SHORT, 0, (short) INET);
        address.asByteBuffer()
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(2, (short) port)
                .putInt(4, 0x7f00_0001);
        one.set(JAVA_INT, 0, 1);
    }

    /** The number of connections that have been opened; they are numbered from 0. */
    public int opened() {
        return opened;
    }

    /** Opens the next connection. */
    public void connect() throws IOException {
        int descriptor = Libc.socket(INET, STREAM, 0);
        check(descriptor, "a socket: raise the limit of open files (ulimit -n)");
        if (opened == descriptors.length) {
            descriptors = Arrays.copyOf(descriptors, 2 * opened);
        }
        descriptors[opened] = descriptor;
        opened++;
        check(Libc.connect(descriptor, address.address(), ADDRESS), "to connect number " + opened);
        check(Libc.setsockopt(descriptor, TCP, NODELAY, one.address(), Integer.BYTES), "to set TCP_NODELAY");
        events.set(JAVA_INT_UNALIGNED, 0, EPOLL_IN);
        events.set(JAVA_INT_UNALIGNED, EVENT_DATA, opened - 1);
        check(Libc.epollCtl(epoll, EPOLL_ADD, descriptor, events.address()), "to watch connection number " + opened);
    }

    /** Passes on the connections that have input now, without waiting; returns their number. */
    public int poll(Ready ready) throws IOException {
        int count = Libc.epollPoll(epoll, events.address(), EVENTS);
        for (int i = 0; i < count; i++) {
            ready.receive(events.get(JAVA_INT_UNALIGNED, (long) i * EVENT + EVENT_DATA));
        }
        return count;
    }

    /** The number of bytes received; 0 at the end of the stream, negative after a reset. */
    public long receive(int connection, long target, long length) {
        return Libc.recv(descriptors[connection], target, length);
    }

    /** Like {@link #receive}, but discards the bytes. */
    public long discard(int connection, long length) {
        return Libc.discard(descriptors[connection], length);
    }

    /** Sends these bytes, all at once. */
    public void send(int connection, long source, int length) throws IOException {
        long sent = Libc.send(descriptors[connection], source, length);
        if (sent != length) {
            throw new IOException("expected to send " + length + " bytes on connection " + connection + " but sent "
                    + sent + ": the server has closed it");
        }
    }

    /** Sends these bytes, all at once; returns false if the server has closed the connection. */
    public boolean offer(int connection, long source, int length) {
        return Libc.send(descriptors[connection], source, length) == length;
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

    public void close(int connection) {
        var _ = Libc.close(descriptors[connection]);
        descriptors[connection] = -1;
    }

    @Override
    public void close() {
        for (int i = 0; i < opened; i++) {
            if (descriptors[i] >= 0) {
                close(i);
            }
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
