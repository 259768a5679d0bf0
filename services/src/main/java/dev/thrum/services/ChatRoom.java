package dev.thrum.services;

import dev.thrum.engine.Group;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.StringJoiner;

/** A room of the chat: its members, in the order in which they entered, and its last lines. Guarded by the chat's lock. */
final class ChatRoom {
    private static final int HISTORY = 50;

    /** Maximum number of members that are listed, so that a list always fits into an outbox. */
    private static final int MOST_LISTED = 1_000;

    private final String name;
    private final Group<ChatMember> members = new Group<>(ChatMember::connection);
    private final Deque<String> history = new ArrayDeque<>();

    ChatRoom(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    int size() {
        return members.size();
    }

    /** Under the chat's lock, the newcomer gets each line once: in the history, or later as a member. */
    void enter(ChatMember member) {
        announce(member, member.name() + " joined");
        boolean _ = members.join(member);
        member.enter(this);
        StringJoiner lines = new StringJoiner("\n");
        lines.add("You joined " + name + " (" + size() + " here).");
        history.forEach(lines::add);
        member.send(lines.toString());
    }

    void leave(ChatMember member, String how) {
        boolean _ = members.leave(member);
        member.leave();
        announce(member, member.name() + " " + how);
    }

    void say(ChatMember member, String text) {
        String line = member.name() + ": " + text;
        history.addLast(line);
        if (history.size() > HISTORY) {
            history.removeFirst();
        }
        members.broadcast(Chat.FORMAT.encode(line));
    }

    /** Tells the other members. */
    void announce(ChatMember member, String event) {
        members.broadcastExcept(member, Chat.FORMAT.encode("* " + event));
    }

    String who() {
        StringJoiner names = new StringJoiner(" ", name + ": ", "");
        int listed = 0;
        for (ChatMember member : members) {
            if (++listed > MOST_LISTED) {
                return names.add("and " + (size() - MOST_LISTED) + " more").toString();
            }
            names.add(member.name());
        }
        return names.toString();
    }
}
