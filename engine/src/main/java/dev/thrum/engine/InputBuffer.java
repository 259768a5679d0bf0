package dev.thrum.engine;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** The buffer of a {@link ByteReader}: its own, or one that the wire lends. Owned by the owner of the input. */
abstract sealed class InputBuffer permits ByteReader {
    private static final int SMALLEST = 512;
    /** A buffer grows to this size with the traffic; one that grew larger for a long line is released when empty. */
    private static final int KEPT = 8 * 1024;

    private static final byte[] NOTHING = new byte[0];

    // The bytes from position to limit are unread.
    byte[] buffer = NOTHING;
    int position;
    int limit;
    /** Whether the buffer is borrowed from the wire and must be given back. */
    private boolean borrowed;
    /** Whether the wire has ever lent a buffer; if so, a buffer of our own is kept only while it holds bytes. */
    private boolean lends;

    final int indexOf(byte wanted, int from) {
        for (int i = from; i < limit; i++) {
            if (buffer[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    final String text(int end, int maxBytes) throws IOException {
        if (end - position > maxBytes) {
            throw new LineTooLongException(maxBytes);
        }
        return new String(buffer, position, end - position, StandardCharsets.UTF_8);
    }

    final int take(byte[] target, int offset, int length) {
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /**
     * Reads into the buffer. While a connection waits with nothing unread it has no borrowed buffer, so that others can use
     * it.
     */
    final int fillFrom(Wire wire, long deadline) throws IOException {
        if (position == limit && (buffer.length == 0 || lends)) {
            giveBackTo(wire);
            wire.awaitInput(deadline);
            borrowFrom(wire);
        }
        makeRoom(wire);
        return wire.read(buffer, limit, buffer.length - limit, deadline);
    }

    /**
     * Waits for an exchange and reads into the buffer; returns {@link Wire#RESTS} if the connection should rest, or the
     * condition holds. It has no buffer before something is there.
     */
    final int fillOrRest(Wire wire, BooleanSupplier woken, long deadline) throws IOException {
        int count = 0;
        while (count == 0) {
            giveBackTo(wire);
            if (!wire.awaitExchange(deadline, woken)) {
                return Wire.RESTS;
            }
            borrowFrom(wire);
            makeRoom(wire);
            count = wire.readNow(buffer, limit, buffer.length - limit, deadline);
        }
        return count;
    }

    private void borrowFrom(Wire wire) {
        byte[] shared = wire.borrow();
        borrowed = shared != null;
        lends |= borrowed;
        buffer = shared == null ? NOTHING : shared;
    }

    /** Gives up the buffer, which has no unread bytes. */
    final void giveBackTo(Wire wire) {
        if (borrowed) {
            wire.giveBack(buffer);
            borrowed = false;
        }
        buffer = NOTHING;
        position = 0;
        limit = 0;
    }

    private void makeRoom(Wire wire) {
        boolean full = limit == buffer.length;
        if (position == limit) {
            if ((full && buffer.length < KEPT) || buffer.length > KEPT) {
                buffer = new byte[buffer.length > KEPT ? SMALLEST : Math.clamp(buffer.length * 2L, SMALLEST, KEPT)];
            }
            position = 0;
            limit = 0;
            return;
        }
        int kept = limit - position;
        if (borrowed && kept < SMALLEST) {
            // The rest may take long to arrive: wait with a small buffer of our own.
            byte[] shared = buffer;
            moveTo(new byte[SMALLEST], kept);
            borrowed = false;
            wire.giveBack(shared);
        } else if (full) {
            // Grow it if more than half is in use, because the unit is longer than the buffer, or if it is small,
            // because a full buffer shows that more arrives at once than it holds. Otherwise moving the bytes to the
            // front is enough.
            boolean small = kept > buffer.length / 2 || buffer.length < KEPT;
            byte[] shared = buffer;
            moveTo(small ? new byte[buffer.length * 2] : buffer, kept);
            if (borrowed && small) {
                borrowed = false;
                wire.giveBack(shared);
            }
        }
    }

    private void moveTo(byte[] target, int kept) {
        System.arraycopy(buffer, position, target, 0, kept);
        buffer = target;
        position = 0;
        limit = kept;
    }
}
