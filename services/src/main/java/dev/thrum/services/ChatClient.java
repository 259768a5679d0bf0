package dev.thrum.services;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.line.LineSession;
import java.time.Duration;

/** A client that is connected to this server, and how fast it sends. */
final class ChatClient {
    /** A client that has not read this many lines is not told about each line that came too fast. */
    private static final int MOST_UNREAD = 100;

    private final LineSession session;
    private final long key;
    private final Clock clock;
    private final long perLine;
    private final long perBurst;

    // Both owned by the thread of its conversation.
    /** When the next line is due if the client sends evenly. */
    private long due;

    private boolean gone;

    /** Whether its server has lost its place in the chat; set once, by the thread of the log. */
    private volatile boolean cutOff;

    ChatClient(LineSession session, long key, int burst, Duration perLine) {
        this.session = session;
        this.key = key;
        this.clock = session.connection().clock();
        this.perLine = perLine.toNanos();
        this.perBurst = (burst - 1) * this.perLine;
        this.due = clock.nanoTime() - perBurst;
    }

    /** Distinguishes it from the other clients that this server has or had. */
    long key() {
        return key;
    }

    /** Whether another line may be sent now; if not, the client is told. */
    boolean mayGoOn() {
        long now = clock.nanoTime();
        long early = Math.max(due - now, -perBurst);
        if (early <= 0) {
            due = now + early + perLine;
            return true;
        }
        if (session.connection().outbox().waiting() < MOST_UNREAD) {
            send("! Slow down.");
        }
        return false;
    }

    /** Marks the end of its time in the chat; returns whether the chat has to be told about it. */
    boolean mayGo() {
        boolean first = !gone;
        gone = true;
        return first && !cutOff;
    }

    /** Ends its conversation, after a last line. */
    void cutOff(String line) {
        cutOff = true;
        send(line);
        session.connection().shutdownInput();
    }

    Connection connection() {
        return session.connection();
    }

    /** Puts a line, or several, into the client's outbox. Any thread may call it; it never waits. */
    @CanIgnoreReturnValue
    Outcome send(String line) {
        return session.offer(line);
    }
}
