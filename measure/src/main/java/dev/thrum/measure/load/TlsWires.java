package dev.thrum.measure.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.thrum.measure.Wires;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Connections over TLS. A connection is open when its handshake is done, so opening takes as long as both. Owned by the thread of
 * the load.
 *
 * <p>All connections share the buffers; one of its own a connection needs only for a record that has not arrived completely, or
 * has not been sent completely.
 */
final class TlsWires implements Wires {
    /** The most bytes that are received at once; with the rest of a record before, their data fits into the loop's buffer. */
    private static final int RECEIVED = 32_768;

    /** The longest record, with room for what providers add (RFC 8446, 5.2). */
    private static final int RECORD = 16_384 + 2_048;

    /** The most data in a record (RFC 8446, 5.1). */
    private static final int MOST_DATA = 16_384;

    private static final byte[] NOTHING = {};

    private final Wires wires;
    private final Supplier<SSLEngine> engines;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment sent = arena.allocate(RECORD);
    private final ByteBuffer sentBytes = sent.asByteBuffer();
    private final byte[] received = new byte[RECEIVED];
    private final ByteBuffer noData = ByteBuffer.allocate(0);

    /** For what arrives during a handshake; data doesn't. */
    private final ByteBuffer aside = ByteBuffer.allocate(RECORD);

    private @Nullable Session[] sessions = new Session[0];

    /** What is known of a connection. */
    private static final class Session {
        final SSLEngine engine;

        /** Whether the TCP connection is open. */
        boolean isConnected;

        /** Whether the handshake is done. */
        boolean isOpen;

        int failure;

        /** The part of a record that has arrived. */
        byte[] begun = NOTHING;

        /** The part of a record that has not been sent yet. */
        byte[] unsent = NOTHING;

        /** The bytes of a request in that record: they count as sent when it is. */
        int unreported;

        Session(SSLEngine engine) {
            this.engine = engine;
        }
    }

    TlsWires(Wires wires, Supplier<SSLEngine> engines) {
        this.wires = wires;
        this.engines = engines;
    }

    private Session session(int connection) {
        Session session = sessions[connection];
        if (session == null) {
            throw new IllegalStateException("expected connection " + connection + " to be open");
        }
        return session;
    }

    @Override
    public int open(int connection) {
        if (connection >= sessions.length) {
            sessions = Arrays.copyOf(sessions, Math.max(connection + 1, 2 * sessions.length));
        }
        sessions[connection] = new Session(engines.get());
        return wires.open(connection);
    }

    @Override
    public int failure(int connection) {
        return session(connection).failure;
    }

    @Override
    public void watch(int connection, boolean isOutput) {
        wires.watch(connection, isOutput);
    }

    @Override
    public void await(long nanos, Ready ready) throws IOException {
        wires.await(nanos, connection -> {
            Session session = session(connection);
            if (session.isOpen || isDone(connection, session)) {
                ready.receive(connection);
            }
        });
    }

    /** Goes on with opening a connection; returns whether that has come to an end, which may be a failure. */
    private boolean isDone(int connection, Session session) {
        if (!session.isConnected) {
            session.failure = wires.failure(connection);
            session.isConnected = true;
            wires.watch(connection, false);
        }
        if (session.failure == 0) {
            try {
                session.failure = shake(connection, session);
            } catch (SSLException e) {
                session.failure = Errno.TLS;
            }
        }
        if (session.failure == AGAIN) {
            session.failure = 0;
            return false;
        }
        session.isOpen = session.failure == 0;
        return true;
    }

    /** Returns 0 if the handshake is done, {@link #AGAIN} if it has to wait, or a failure. */
    private int shake(int connection, Session session) throws SSLException {
        if (session.engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
            session.engine.beginHandshake();
        }
        while (true) {
            int failure = flush(connection, session);
            if (failure != 0) {
                wires.watch(connection, failure == AGAIN);
                return failure;
            }
            switch (session.engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks(session);
                case NEED_WRAP -> {
                    var _ = wrap(session, noData);
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    int waits = read(connection, session);
                    if (waits != 0) {
                        wires.watch(connection, false);
                        return waits;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    wires.watch(connection, false);
                    return 0;
                }
            }
        }
    }

    /** Passes a record to the engine, after receiving more if there is none; returns 0, or why that is impossible now. */
    private int read(int connection, Session session) throws SSLException {
        while (true) {
            ByteBuffer from = ByteBuffer.wrap(session.begun);
            SSLEngineResult result = session.engine.unwrap(from, aside.clear());
            session.begun = rest(from);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                return Errno.CLOSED;
            }
            if (result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                return 0;
            }
            int count = wires.receive(connection, received);
            if (count <= 0) {
                return count == 0 ? Errno.CLOSED : -count;
            }
            session.begun = joined(session.begun, count);
        }
    }

    private byte[] joined(byte[] begun, int count) {
        byte[] all = Arrays.copyOf(begun, begun.length + count);
        System.arraycopy(received, 0, all, begun.length, count);
        return all;
    }

    private static byte[] rest(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return NOTHING;
        }
        byte[] left = new byte[bytes.remaining()];
        bytes.get(left);
        return left;
    }

    private static void runTasks(Session session) {
        for (Runnable task = session.engine.getDelegatedTask();
                task != null;
                task = session.engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Makes a record of data, and keeps it to be sent; returns how much of the data is in it. */
    private int wrap(Session session, ByteBuffer data) throws SSLException {
        SSLEngineResult result = session.engine.wrap(data, sentBytes.clear());
        byte[] cipher = new byte[result.bytesProduced()];
        sentBytes.flip().get(cipher);
        session.unsent = cipher;
        return result.bytesConsumed();
    }

    /** Sends what is left of a record; returns 0 if nothing is left, {@link #AGAIN} if there is no room, or a failure. */
    private int flush(int connection, Session session) {
        while (session.unsent.length > 0) {
            int length = session.unsent.length;
            MemorySegment.copy(session.unsent, 0, sent, JAVA_BYTE, 0, length);
            long count = wires.send(connection, sent.asSlice(0, length), 0);
            if (count <= 0) {
                return count == 0 ? AGAIN : (int) -count;
            }
            session.unsent = count == length ? NOTHING : Arrays.copyOfRange(session.unsent, (int) count, length);
        }
        return 0;
    }

    @Override
    public long send(int connection, MemorySegment bytes, long offset) {
        Session session = session(connection);
        try {
            int failure = flush(connection, session);
            if (failure != 0) {
                return -failure;
            }
            long done = session.unreported;
            session.unreported = 0;
            while (offset + done < bytes.byteSize()) {
                long most = Math.min(MOST_DATA, bytes.byteSize() - offset - done);
                int taken = wrap(session, bytes.asSlice(offset + done, most).asByteBuffer());
                failure = flush(connection, session);
                if (failure == AGAIN) {
                    session.unreported = taken;
                    return done == 0 ? -AGAIN : done;
                }
                if (failure != 0) {
                    return -failure;
                }
                done += taken;
            }
            return done;
        } catch (SSLException e) {
            return -Errno.TLS;
        }
    }

    @Override
    public int receive(int connection, byte[] target) {
        Session session = session(connection);
        int count = wires.receive(connection, received);
        if (count <= 0) {
            return count;
        }
        ByteBuffer data = ByteBuffer.wrap(target);
        ByteBuffer from = session.begun.length == 0
                ? ByteBuffer.wrap(received, 0, count)
                : ByteBuffer.wrap(joined(session.begun, count));
        try {
            boolean isClosed = unwrap(session, from, data);
            session.begun = rest(from);
            if (session.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !isClosed) {
                // The answer to a new key. If there is no room, it is sent before the next request.
                if (flush(connection, session) == 0) {
                    var _ = wrap(session, noData);
                    var _ = flush(connection, session);
                }
            }
            if (data.position() > 0) {
                return data.position();
            }
            return isClosed ? 0 : -AGAIN;
        } catch (SSLException e) {
            return -Errno.TLS;
        }
    }

    /** Decrypts all records that are complete; returns whether the server has ended its output. */
    private static boolean unwrap(Session session, ByteBuffer from, ByteBuffer data) throws SSLException {
        while (from.hasRemaining()) {
            SSLEngineResult result = session.engine.unwrap(from, data);
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                runTasks(session);
            }
            switch (result.getStatus()) {
                case CLOSED -> {
                    return true;
                }
                case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> {
                    return false;
                }
                case OK -> {
                    if (result.bytesConsumed() == 0) {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public void close(int connection) {
        if (connection < sessions.length) {
            sessions[connection] = null;
        }
        wires.close(connection);
    }

    @Override
    public void close() {
        wires.close();
        arena.close();
    }
}
