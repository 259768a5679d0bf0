package dev.thrum.services;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Printable;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The chat service: clients that reach each other, written as straight-line code. */
public final class Chat {
    static final LineFormat FORMAT = LineFormat.lf().withMaxBytes(500);

    private final int burst;
    private final Duration perLine;

    /** Guards what clients share, members and rooms included. No client is waited for under it: sending never waits. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long guests;

    @GuardedBy("lock")
    private final Map<String, ChatMember> members = new HashMap<>();

    @GuardedBy("lock")
    private final ChatRooms rooms = new ChatRooms();

    /** A chat whose clients may each send {@code burst} lines at once, and one more whenever {@code perLine} has passed. */
    public Chat(int burst, Duration perLine) {
        this.burst = burst;
        this.perLine = perLine;
    }

    public ConnectionHandler handler() {
        return Lines.of(FORMAT, this::converse);
    }

    /** One client, from its first line to its last. */
    private void converse(LineSession session) throws IOException {
        ChatMember me = enter(session);
        try {
            Optional<String> line = session.readLine();
            for (; line.isPresent(); line = session.readLine()) {
                if (line.get().strip().equalsIgnoreCase("quit")) {
                    exit(me, "left");
                    me.send("Goodbye!"); // the last line: no other client can reach this one any more
                    return;
                }
                if (me.mayGoOn()) {
                    receive(me, line.get());
                }
            }
        } finally {
            exit(me, "disconnected"); // unless it has quit
        }
    }

    private ChatMember enter(LineSession session) {
        lock.lock();
        try {
            ChatMember me = new ChatMember(session, "guest-" + ++guests, burst, perLine);
            me.send("Welcome! You are " + me.name() + ".");
            members.put(me.name(), me);
            return me;
        } finally {
            lock.unlock();
        }
    }

    private void exit(ChatMember me, String how) {
        lock.lock();
        try {
            rooms.leave(me, how);
            members.remove(me.name(), me);
        } finally {
            lock.unlock();
        }
    }

    private void receive(ChatMember me, String line) {
        String[] words = line.strip().split("\\s+", 2);
        String rest = words.length == 2 ? words[1] : "";
        lock.lock();
        try {
            switch (words[0].toLowerCase(Locale.ROOT)) {
                case "nick" -> rename(me, rest);
                case "join" -> rooms.join(me, rest);
                case "msg" -> tell(me, rest.split("\\s+", 2));
                default -> receiveOther(me, line);
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void receiveOther(ChatMember me, String line) {
        switch (line.strip().toLowerCase(Locale.ROOT)) {
            case "" -> {}
            case "leave" -> rooms.leave(me);
            case "who" -> rooms.who(me);
            case "rooms" -> rooms.list(me);
            default -> rooms.say(me, Printable.of(line));
        }
    }

    @GuardedBy("lock")
    private void rename(ChatMember me, String name) {
        if (!ChatRooms.isName(name)) {
            me.send(ChatRooms.BAD_NAME);
        } else if (name.matches("(?i)guest-\\d+") || members.putIfAbsent(name, me) != null) {
            me.send("! That name is taken."); // the names of guests are never used again
        } else {
            members.remove(me.name());
            me.rename(name);
        }
    }

    /** Sends a text to one client, whatever its room. */
    @GuardedBy("lock")
    private void tell(ChatMember me, String[] nickAndText) {
        if (nickAndText.length < 2) {
            me.send("! Expected msg NICK TEXT.");
            return;
        }
        String text = Printable.of(nickAndText[1]);
        ChatMember other = members.get(nickAndText[0]);
        if (other == null || other.send("(private) " + me.name() + ": " + text) != Outcome.ACCEPTED) {
            me.send("! No such user: " + Printable.of(nickAndText[0]));
        } else {
            me.send("(to " + other.name() + ") " + text);
        }
    }
}
