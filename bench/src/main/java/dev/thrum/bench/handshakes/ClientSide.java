package dev.thrum.bench.handshakes;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The client of a handshake in memory. Owned by one thread. */
final class ClientSide {
    /** More than the messages of a handshake. */
    private static final int ROOM = 64 * 1_024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final ByteBuffer received = ByteBuffer.allocate(ROOM);
    private final ByteBuffer sent = ByteBuffer.allocate(ROOM);
    private final ByteBuffer data = ByteBuffer.allocate(ROOM);

    ClientSide(SSLEngine engine) throws SSLException {
        this.engine = engine;
        engine.beginHandshake();
    }

    /** Takes what the server has written. */
    void take(byte[] source, int offset, int length) {
        received.put(source, offset, length);
    }

    /** Goes on until the server has to, and returns how many bytes were put at the offset; 0 if there are none. */
    int answer(byte[] target, int offset, int length) throws SSLException {
        proceed();
        int count = Math.min(length, sent.flip().remaining());
        sent.get(target, offset, count).compact();
        return count;
    }

    /** Does everything that is possible without further bytes. */
    void proceed() throws SSLException {
        boolean more = true;
        while (more) {
            HandshakeStatus status = engine.getHandshakeStatus();
            more = switch (status) {
                case NEED_TASK -> ran();
                case NEED_WRAP -> engine.wrap(NOTHING.duplicate(), sent).bytesProduced() > 0;
                default -> unwrapped();
            };
        }
    }

    private boolean ran() {
        Runnable task = engine.getDelegatedTask();
        if (task != null) {
            task.run();
        }
        return true;
    }

    private boolean unwrapped() throws SSLException {
        received.flip();
        SSLEngineResult result = engine.unwrap(received, data);
        received.compact();
        return result.bytesConsumed() > 0;
    }

    /** Whether its handshake is done. */
    boolean isDone() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }
}
