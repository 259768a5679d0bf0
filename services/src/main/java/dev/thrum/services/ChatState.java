package dev.thrum.services;

import dev.thrum.engine.Outbox.Outcome;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a chat share: names and rooms. It depends on nothing but the events that were applied to it, in their
 * order, so it is the same on all servers of a chat. Guarded by the chat's lock.
 */
final class ChatState {
    /** How many clients have entered. */
    private long guests;

    private final Map<ChatMember.Id, ChatMember> members = new HashMap<>();
    private final Map<String, ChatMember> byName = new HashMap<>();
    private final ChatRooms rooms = new ChatRooms();

    /** The state that {@link #save} has written. */
    static ChatState of(String saved) {
        ChatState state = new ChatState();
        String room = "";
        for (String line : saved.lines().toList()) {
            int end = line.indexOf(' ');
            String rest = line.substring(end + 1);
            switch (line.substring(0, end)) {
                case "guests" -> state.guests = Long.parseLong(rest);
                case "member" -> state.restore(rest.split(" "), room);
                case "line" -> state.rooms.room(room).remember(rest);
                case "room" -> room = rest;
                default -> throw new IllegalArgumentException("expected a state of the chat but found " + line);
            }
        }
        return state;
    }

    private void restore(String[] values, String room) {
        ChatMember.Id id = new ChatMember.Id(Long.parseLong(values[0]), Long.parseLong(values[1]));
        ChatMember member = new ChatMember(id, Long.parseLong(values[2]), values[3], null);
        add(member);
        if (!room.isEmpty()) {
            rooms.room(room).add(member);
        }
    }

    private void add(ChatMember member) {
        members.put(member.id(), member);
        byName.put(member.name(), member);
    }

    String save() {
        StringBuilder state = new StringBuilder("guests " + guests + "\n");
        inOrder(member -> member.room().isEmpty())
                .forEach(member -> state.append(member.line()).append('\n'));
        rooms.save(state);
        return state.toString();
    }

    /**
     * Applies an event.
     *
     * @param server the number of the server of its client
     * @param client null if that is another server, or the client has gone meanwhile
     */
    void apply(long server, ChatEvent event, @Nullable ChatClient client) {
        ChatMember.Id id = new ChatMember.Id(server, event.key());
        ChatMember member = members.get(id);
        if (member == null) {
            if (event instanceof ChatEvent.Enter) {
                enter(id, client);
            }
            return;
        }
        switch (event) {
            case ChatEvent.Enter _ -> {}
            case ChatEvent.Rename asked -> rename(member, asked.name());
            case ChatEvent.Join asked -> rooms.join(member, asked.room());
            case ChatEvent.Leave _ -> rooms.leave(member);
            case ChatEvent.Exit left -> exit(member, left.how());
            case ChatEvent.Say said -> rooms.say(member, said.text());
            case ChatEvent.Tell told -> tell(member, told.name(), told.text());
        }
    }

    private void enter(ChatMember.Id id, @Nullable ChatClient client) {
        guests++;
        ChatMember member = new ChatMember(id, guests, "guest-" + guests, client);
        member.send("Welcome! You are " + member.name() + ".");
        add(member);
    }

    private void exit(ChatMember member, String how) {
        rooms.leave(member, how);
        byName.remove(member.name(), member);
        members.remove(member.id());
    }

    /** All clients of a server leave, in the order in which they have entered the chat. */
    void gone(long server) {
        inOrder(member -> member.id().server() == server).forEach(member -> exit(member, "disconnected"));
    }

    private List<ChatMember> inOrder(Predicate<ChatMember> which) {
        return members.values().stream()
                .filter(which)
                .sorted(Comparator.comparingLong(ChatMember::number))
                .toList();
    }

    private void rename(ChatMember member, String name) {
        if (byName.putIfAbsent(name, member) != null) {
            member.send(Chat.TAKEN);
        } else {
            byName.remove(member.name());
            member.rename(name);
        }
    }

    /** Sends a text to one client, whatever its room. */
    private void tell(ChatMember member, String name, String text) {
        ChatMember other = byName.get(name);
        if (other == null || other.send("(private) " + member.name() + ": " + text) != Outcome.ACCEPTED) {
            member.send(Chat.noSuchUser(name));
        } else {
            member.send("(to " + name + ") " + text);
        }
    }

    /** Lists the members of a client's room. */
    void who(ChatMember.Id id) {
        ChatMember member = members.get(id);
        if (member != null) {
            rooms.who(member);
        }
    }

    /** Lists the rooms. */
    void rooms(ChatMember.Id id) {
        ChatMember member = members.get(id);
        if (member != null) {
            rooms.list(member);
        }
    }
}
