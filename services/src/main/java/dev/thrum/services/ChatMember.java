package dev.thrum.services;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Outbox.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of the chat, on this server or another one: its name and its room. Guarded by the lock of the chat. */
final class ChatMember {
    private final Id id;
    private final long number;

    /** Null if it is connected to another server. */
    private final @Nullable ChatClient client;

    private String name;
    private Optional<ChatRoom> room = Optional.empty();

    /**
     * Distinguishes all clients that the chat has or had.
     *
     * @param server the number of its server
     * @param key its key there
     */
    record Id(long server, long key) {}

    /**
     * A member.
     *
     * @param number how many clients have entered the chat until then
     */
    ChatMember(Id id, long number, String name, @Nullable ChatClient client) {
        this.id = id;
        this.number = number;
        this.name = name;
        this.client = client;
    }

    Id id() {
        return id;
    }

    long number() {
        return number;
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

    @Nullable
    ChatClient client() {
        return client;
    }

    /** Puts a line, or several, into the outbox of a client of this server; its own server does it for one of another. */
    @CanIgnoreReturnValue
    Outcome send(String line) {
        return client == null ? Outcome.ACCEPTED : client.send(line);
    }

    /** As a line of the chat's state. */
    String line() {
        return "member " + id.server() + " " + id.key() + " " + number + " " + name;
    }
}
