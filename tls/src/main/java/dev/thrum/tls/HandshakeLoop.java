package dev.thrum.tls;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The messages of one handshake, in straight-line code. Owned by the thread that performs it. */
final class HandshakeLoop {
    private static final int DONE = 0;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A message of 16 KiB in records of one byte, and some more. */
    private static final int MOST_RECORDS = 20_000;

    /** The most bytes of a record that is not encrypted, as the first one is (RFC 8446, 5.1). */
    private static final int LONGEST_PLAIN = 1 << 14;

    private final SSLEngine engine;
    private final RecordBuffer records;
    private final TlsOutput output;
    private final long deadline;

    /** Runs what a provider computes, and returns when it is done. */
    private final Executor aside;

    /** Room for data, which a provider wants to see even in a handshake. */
    private final byte[] room;

    /** Whether it isn't known yet that the peer speaks TLS. */
    private boolean first = true;

    private int received;

    /** Whether the header of the first record was checked. */
    private boolean helloIsHere;

    HandshakeLoop(
            SSLEngine engine, RecordBuffer records, TlsOutput output, byte[] room, long deadline, Executor aside) {
        this.room = room;
        this.engine = engine;
        this.records = records;
        this.output = output;
        this.deadline = deadline;
        this.aside = aside;
    }

    /**
     * Performs the handshake; returns 0, {@link Wire#END} or {@link Wire#EXPIRED}.
     *
     * @throws ClearTextException if the peer does not speak TLS
     */
    int run() throws IOException {
        engine.beginHandshake();
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
            switch (status) {
                case NEED_TASK -> aside.execute(() -> runTasks(engine));
                case NEED_WRAP -> {
                    if (!output.writeHandshake(deadline)) {
                        return Wire.EXPIRED;
                    }
                }
                default -> {
                    int result = receive();
                    if (result != DONE) {
                        return result;
                    }
                }
            }
            status = engine.getHandshakeStatus();
        }
        // Session tickets.
        return output.writeHandshake(deadline) ? DONE : Wire.EXPIRED;
    }

    static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Receives one record, or a part of it. */
    private int receive() throws IOException {
        // OpenSSL notices only when it is asked once more that it is done, or has failed. Then what follows, such as
        // the
        // peer's end, is no longer for the handshake.
        var _ = engine.unwrap(NOTHING.duplicate(), ByteBuffer.wrap(room));
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
            return DONE;
        }
        SSLEngineResult result = records.unwrapFirst(RecordCipher.by(engine), ByteBuffer.wrap(room));
        if (result.getStatus() == Status.CLOSED) {
            return Wire.END;
        }
        if (result.bytesProduced() > 0) {
            throw new SSLException("expected a TLS handshake but the peer sends data");
        }
        boolean waits = engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
        if (result.getStatus() == Status.BUFFER_UNDERFLOW && waits) {
            return fill();
        }
        if (++received > MOST_RECORDS) {
            throw new SSLException("expected a TLS handshake of at most " + MOST_RECORDS + " records");
        }
        return DONE;
    }

    private int fill() throws IOException {
        int count = records.fill(deadline);
        if (count < 0) {
            return count;
        }
        if (first) {
            first = !ClearTextException.check(records.start(ClearTextException.SHOWN));
        }
        if (!helloIsHere && records.hasHeader()) {
            helloIsHere = true;
            records.requireAtMost(LONGEST_PLAIN);
        }
        return DONE;
    }
}
