package dev.thrum.tls;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The bytes that have arrived and are not decrypted yet: in a buffer that the wire below lends, or, if a record is only half
 * here, in one of our own that has the size of the record. While nothing is here there is no buffer, where the wire can tell
 * that something arrives before it is read. Owned by the owner of the connection's input.
 */
final class RecordBuffer {
    private static final int HEADER = 5;

    /** The size of a buffer of our own while the length of the record is not known. */
    private static final int SMALLEST = 512;

    private static final byte[] NOTHING = new byte[0];

    private final Wire below;

    // The bytes from position to limit are unread.
    private byte[] buffer = NOTHING;
    private int position;
    private int limit;

    /** Whether the buffer is lent by the wire below. */
    private boolean borrowed;

    /** Whether the last read has filled a buffer of our own, so that more is probably there. */
    private boolean filled;

    RecordBuffer(Wire below) {
        this.below = below;
    }

    boolean isEmpty() {
        return position == limit;
    }

    /** Whether a record is here as a whole. */
    boolean hasWhole() {
        return hasHeader() && limit - position >= HEADER + announced();
    }

    /** Whether the header of a record is here, which announces its length. */
    boolean hasHeader() {
        return limit - position >= HEADER;
    }

    /** Requires that the record whose header is here has at most this many bytes. */
    void requireAtMost(int most) throws SSLException {
        if (announced() > most) {
            throw new SSLException(
                    "expected a record of at most " + most + " bytes but the peer announces " + announced());
        }
    }

    private int announced() {
        return ((buffer[position + 3] & 0xff) << 8) | (buffer[position + 4] & 0xff);
    }

    /** The bytes that are here, at most this many. */
    byte[] start(int most) {
        return Arrays.copyOfRange(buffer, position, Math.min(limit, position + most));
    }

    SSLEngineResult unwrap(RecordCipher cipher, ByteBuffer into) throws SSLException {
        return unwrap(cipher, limit - position, into);
    }

    /** Decrypts the first record only, for a cipher that takes as many as it gets. */
    SSLEngineResult unwrapFirst(RecordCipher cipher, ByteBuffer into) throws SSLException {
        int here = limit - position;
        return unwrap(cipher, hasHeader() ? Math.min(here, HEADER + announced()) : here, into);
    }

    private SSLEngineResult unwrap(RecordCipher cipher, int length, ByteBuffer into) throws SSLException {
        ByteBuffer from = ByteBuffer.wrap(buffer, position, length);
        SSLEngineResult result = cipher.unwrap(from, into);
        position = from.position();
        if (position == limit && !filled) {
            drop();
        }
        return result;
    }

    /** Waits, without a buffer, until something arrives, if the wire below can do that. */
    void await(long deadline) throws IOException {
        if (filled && below.available() > 0) {
            return;
        }
        drop();
        below.awaitInput(deadline);
    }

    /** Waits for more bytes; returns how many, or what the wire below returns in place of a number. */
    int fill(long deadline) throws IOException {
        if (isEmpty()) {
            await(deadline);
        }
        return fillThere(deadline);
    }

    /** Reads more bytes where the wire below does not wait for them. */
    int fillThere(long deadline) throws IOException {
        makeRoom();
        return counted(below.read(buffer, limit, buffer.length - limit, deadline));
    }

    /** Reads more bytes if they are there, after {@link Wire#awaitExchange}; returns 0 if there are none. */
    int fillNow(long deadline) throws IOException {
        makeRoom();
        return counted(below.readNow(buffer, limit, buffer.length - limit, deadline));
    }

    private int counted(int count) {
        if (count > 0) {
            limit += count;
            filled = !borrowed && limit == buffer.length;
        } else if (isEmpty()) {
            drop();
        }
        return count;
    }

    private void makeRoom() throws SSLException {
        int here = limit - position;
        if (here == 0) {
            if (buffer.length == 0) {
                borrow();
            }
            position = 0;
            limit = 0;
            return;
        }
        int wanted = SMALLEST;
        if (hasHeader()) {
            requireAtMost(PacketBuffers.PACKET - HEADER);
            wanted = HEADER + announced();
        }
        if (borrowed || wanted > buffer.length) {
            // The rest may take long to arrive, and others can use the lent buffer meanwhile.
            byte[] own = new byte[Math.max(wanted, SMALLEST)];
            System.arraycopy(buffer, position, own, 0, here);
            giveBack();
            buffer = own;
            position = 0;
            limit = here;
        } else if (position + wanted > buffer.length) {
            System.arraycopy(buffer, position, buffer, 0, here);
            position = 0;
            limit = here;
        }
    }

    private void borrow() {
        byte[] lent = below.borrow();
        borrowed = lent != null;
        buffer = lent == null ? new byte[SMALLEST] : lent;
    }

    /** Forgets what is here, and the buffer. */
    void drop() {
        giveBack();
        buffer = NOTHING;
        position = 0;
        limit = 0;
        filled = false;
    }

    private void giveBack() {
        if (borrowed) {
            below.giveBack(buffer);
            borrowed = false;
        }
    }
}
