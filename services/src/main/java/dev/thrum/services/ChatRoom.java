package dev.thrum.services;

import dev.thrum.engine.Group;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringJoiner;

/** A room of the chat: its members, in the order in which they entered, and its last lines. Guarded by the chat's lock. */
final class ChatRoom {
    private static final int HISTORY = 50;

    /** Maximum number of members that are listed, so that a list always fits into an outbox. */
    private static final int MOST_LISTED = 1_000;

    private final String name;
    private final Set<ChatMember> members = new LinkedHashSet<>();

    /** Those that are connected to this server. */
    private final Group<ChatClient> clients = new Group<>(ChatClient::connection);

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
        add(member);
        ChatClient client = member.client();
        if (client != null) {
            StringJoiner lines = new StringJoiner("\n");
            lines.add("You joined " + name + " (" + size() + " here).");
            history.forEach(lines::add);
            client.send(lines.toString());
        }
    }

    /** Adds a member, and tells nobody. */
    void add(ChatMember member) {
        members.add(member);
        member.enter(this);
        ChatClient client = member.client();
        if (client != null) {
            boolean _ = clients.join(client);
        }
    }

    void leave(ChatMember member, String how) {
        members.remove(member);
        ChatClient client = member.client();
        if (client != null) {
            boolean _ = clients.leave(client);
        }
        member.leave();
        announce(member, member.name() + " " + how);
    }

    void say(ChatMember member, String text) {
        String line = member.name() + ": " + text;
        remember(line);
        if (clients.size() > 0) {
            clients.broadcast(Chat.FORMAT.encode(line));
        }
    }

    /** Adds a line to the history, and tells nobody. */
    void remember(String line) {
        history.addLast(line);
        if (history.size() > HISTORY) {
            history.removeFirst();
        }
    }

    /** Tells the other members. */
    void announce(ChatMember member, String event) {
        if (clients.size() > 0) {
            clients.broadcastExcept(member.client(), Chat.FORMAT.encode("* " + event));
        }
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

    /** Adds this room to the chat's state, as lines. */
    void save(StringBuilder state) {
        state.append("room ").append(name).append('\n');
        history.forEach(line -> state.append("line ").append(line).append('\n'));
        members.forEach(member -> state.append(member.line()).append('\n'));
    }
}
