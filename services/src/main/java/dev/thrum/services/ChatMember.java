package dev.thrum.services;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.line.LineSession;
import java.time.Duration;
import java.util.Optional;

/** A client of the chat: its name, its room, and how fast it sends. */
final class ChatMember {
    /** A client that has not read this many lines is not told about each line that came too fast. */
    private static final int MOST_UNREAD = 100;

    private final LineSession session;
    private final Clock clock;
    private final long perLine;
    private final long perBurst;

    // Both guarded by the lock of the chat.
    private String name;
    private Optional<ChatRoom> room = Optional.empty();

    /** When the next line is due if the client sends evenly. Owned by the thread of its conversation. */
    private long due;

    ChatMember(LineSession session, String name, int burst, Duration perLine) {
        this.session = session;
        this.name = name;
        this.clock = session.connection().clock();
        this.perLine = perLine.toNanos();
        this.perBurst = (burst - 1) * this.perLine;
        this.due = clock.nanoTime() - perBurst;
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

    String name() {
        return name;
    }

    void rename(String value) {
        String old = name;
        name = value;
        send("You are now " + value + ".");
        room.ifPresent(others -> others.announce(this, old + " is now " + value));
    }

    Optional<ChatRoom> room() {
        return room;
    }

    void enter(ChatRoom value) {
        room = Optional.of(value);
    }

    void leave() {
        room = Optional.empty();
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
