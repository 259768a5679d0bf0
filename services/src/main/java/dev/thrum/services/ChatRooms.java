package dev.thrum.services;

import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The rooms of the chat that have members. Guarded by the chat's lock. */
final class ChatRooms {
    static final String BAD_NAME = "! Names are 1 to 20 letters, digits, - or _.";

    /** With the longest history that clients can write, these take 30 MB. */
    private static final int MOST_ROOMS = 200;

    private final Map<String, ChatRoom> rooms = new TreeMap<>();

    /** Whether this may be the name of a room or a client. */
    static boolean isName(String text) {
        return text.matches("[A-Za-z0-9_-]{1,20}");
    }

    /** The room of this name, which is made if there is none. */
    ChatRoom room(String name) {
        return rooms.computeIfAbsent(name, ChatRoom::new);
    }

    void join(ChatMember member, String name) {
        Optional<ChatRoom> room = Optional.ofNullable(rooms.get(name));
        if (room.isPresent() && room.equals(member.room())) {
            member.send("! You are in " + name + " already.");
        } else if (room.isEmpty() && rooms.size() >= MOST_ROOMS) {
            member.send("! There are " + MOST_ROOMS + " rooms, join one of those.");
        } else {
            leave(member, "left");
            room(name).enter(member);
        }
    }

    /** The command; {@link #leave(ChatMember, String)} serves every other end of a membership. */
    void leave(ChatMember member) {
        inRoom(member, room -> {
            leave(member, "left");
            member.send("You left " + room.name() + ".");
        });
    }

    /** Takes a member out of its room, if it is in one, and tells the others how it went. An empty room vanishes. */
    void leave(ChatMember member, String how) {
        member.room().ifPresent(room -> {
            room.leave(member, how);
            if (room.size() == 0) {
                rooms.remove(room.name());
            }
        });
    }

    void who(ChatMember member) {
        inRoom(member, room -> member.send(room.who()));
    }

    void say(ChatMember member, String text) {
        inRoom(member, room -> room.say(member, text));
    }

    void list(ChatMember member) {
        StringJoiner lines = new StringJoiner("\n");
        rooms.values().forEach(room -> lines.add(room.name() + " (" + room.size() + ")"));
        member.send(lines.add(rooms.size() + " rooms.").toString());
    }

    /** Adds the rooms to the chat's state, as lines. */
    void save(StringBuilder state) {
        rooms.values().forEach(room -> room.save(state));
    }

    private static void inRoom(ChatMember member, Consumer<ChatRoom> action) {
        member.room().ifPresentOrElse(action, () -> member.send("! Join a room first."));
    }
}
