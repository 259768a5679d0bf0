package dev.thrum.events;

import dev.thrum.engine.spi.Outgoing;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends the messages of a connection's outbox on its loop, without waiting. Owned by the loop's thread. */
final class MessageDrain {
    private final Loop loop;
    private final OwnerWait ownerWait;
    private final Sink sink;

    // Null while the outbox is not being sent.
    private @Nullable Outgoing messages;
    private boolean running;
    private boolean closed;

    /** Where the bytes go. */
    interface Sink {
        /** Sends bytes; returns how many were taken, perhaps none. */
        int send(ByteBuffer batch) throws IOException;

        /** Asks for a call of {@link #goOn} when more will be taken. */
        void awaitRoom();
    }

    MessageDrain(Loop loop, OwnerWait ownerWait, Sink sink) {
        this.loop = loop;
        this.ownerWait = ownerWait;
        this.sink = sink;
    }

    void begin(Outgoing next) {
        if (next.begin()) {
            messages = next;
            goOn();
        }
    }

    /** Sends until no message is left or no more is taken now. Does nothing when no message is to be sent. */
    void goOn() {
        if (messages == null || running) {
            // Running: sending itself has made room.
            return;
        }
        running = true;
        try {
            while (messages != null && sendSome(messages)) {
                // There is more.
            }
        } finally {
            running = false;
        }
    }

    /** Returns whether more can be sent now. */
    private boolean sendSome(Outgoing from) {
        if (closed || ownerWait.isAborted()) {
            endClosed();
            return false;
        }
        ByteBuffer batch = loop.scratch();
        try {
            return sendSome(from, batch);
        } catch (IOException e) {
            end(e);
            return false;
        } catch (RuntimeException | Error e) {
            // Out of memory, for example: nothing may be sent after the missing bytes.
            end(new IOException("expected to send messages but sending failed", e));
            throw e;
        } finally {
            // The loop's other connections use the whole buffer.
            batch.clear();
        }
    }

    private boolean sendSome(Outgoing from, ByteBuffer batch) throws IOException {
        int count = from.copyTo(batch);
        if (count == 0) {
            messages = null;
            return false;
        }
        int sent = sink.send(batch.flip());
        if (!from.sent(sent)) {
            messages = null;
            return false;
        }
        if (sent < count) {
            from.stalled();
            sink.awaitRoom();
        }
        return sent == count;
    }

    /** The connection closes: what has not been sent is lost. */
    void close() {
        closed = true;
        endClosed();
    }

    private void endClosed() {
        if (messages != null) {
            end(new IOException("expected an open connection but it was closed before its messages were sent"));
        }
    }

    private void end(IOException cause) {
        Outgoing ended = messages;
        if (ended != null) {
            messages = null;
            ended.failed(cause);
        }
    }
}
