package dev.thrum.services;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Printable;
import dev.thrum.engine.ConnectionHandler;
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
import org.jspecify.annotations.Nullable;

/**
 * The chat service: clients that reach each other, written as straight-line code. Several servers that share a
 * {@link ChatLog} are one chat.
 */
public final class Chat {
    static final LineFormat FORMAT = LineFormat.lf().withMaxBytes(500);
    static final String TAKEN = "! That name is taken.";

    private static final String AWAY = "! The chat can't reach its database now: nothing was done, try again later.";
    private static final String LATER = "! The chat can't reach its database now: this will be done as soon as it can.";
    private static final String CUT_OFF = "! This server was cut off from the chat for too long: connect again.";

    private final int burst;
    private final Duration perLine;

    /** Null if this server has the chat for itself. */
    private final @Nullable ChatLog log;

    /** Guards what clients share, members and rooms included. No client is waited for under it: sending never waits. */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long keys;

    /** The clients of this server, by their keys. */
    @GuardedBy("lock")
    private final Map<Long, ChatClient> clients = new HashMap<>();

    @GuardedBy("lock")
    private ChatState state = new ChatState();

    /** The number of this server, as far as its own events have told. */
    @GuardedBy("lock")
    private long server;

    /** A chat whose clients may each send {@code burst} lines at once, and one more whenever {@code perLine} has passed. */
    public Chat(int burst, Duration perLine) {
        this(burst, perLine, null);
    }

    /**
     * The same for one of several servers. An event reaches the log before the reply; while the log can't be reached, a
     * client is told so.
     *
     * @throws RuntimeException if the log can't be reached
     */
    public static Chat over(ChatLog log, int burst, Duration perLine) {
        Chat chat = new Chat(burst, perLine, log);
        log.follow(chat.new Copy());
        return chat;
    }

    private Chat(int burst, Duration perLine, @Nullable ChatLog log) {
        this.burst = burst;
        this.perLine = perLine;
        this.log = log;
    }

    public ConnectionHandler handler() {
        return Lines.of(FORMAT, this::converse);
    }

    /** One client, from its first line to its last. */
    private void converse(LineSession session) throws IOException, InterruptedException {
        ChatClient me = admit(session);
        try {
            if (!perform(me, new ChatEvent.Enter(me.key()))) {
                boolean _ = me.mayGo(); // it never came
                return;
            }
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
            dismiss(me);
        }
    }

    private ChatClient admit(LineSession session) {
        lock.lock();
        try {
            ChatClient me = new ChatClient(session, ++keys, burst, perLine);
            clients.put(me.key(), me);
            return me;
        } finally {
            lock.unlock();
        }
    }

    private void dismiss(ChatClient me) {
        lock.lock();
        try {
            clients.remove(me.key());
        } finally {
            lock.unlock();
        }
    }

    private void exit(ChatClient me, String how) {
        if (me.mayGo()) {
            ChatEvent event = new ChatEvent.Exit(me.key(), how);
            if (log == null) {
                apply(event);
            } else {
                log.appendLast(event.line());
            }
        }
    }

    /** Does what a client wants, now or later, or tells it that this is not possible now; returns whether it is done. */
    @CanIgnoreReturnValue
    private boolean perform(ChatClient me, ChatEvent event) throws InterruptedException {
        if (log == null) {
            apply(event);
            return true;
        }
        return switch (log.append(event.line())) {
            case DONE -> true;
            case LATER -> {
                me.send(LATER);
                yield true;
            }
            case REFUSED -> {
                me.send(AWAY);
                yield false;
            }
        };
    }

    /** Applies an event of a client of this server, which has the chat for itself. */
    private void apply(ChatEvent event) {
        lock.lock();
        try {
            state.apply(server, event, clients.get(event.key()));
        } finally {
            lock.unlock();
        }
    }

    /** Each thing that a client does has been applied before its next line is read, so replies come in order. */
    private void receive(ChatClient me, String line) throws InterruptedException {
        String[] words = line.strip().split("\\s+", 2);
        String rest = words.length == 2 ? words[1] : "";
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case "nick" -> rename(me, rest);
            case "join" -> join(me, rest);
            case "msg" -> tell(me, rest.split("\\s+", 2));
            default -> receiveOther(me, line);
        }
    }

    private void receiveOther(ChatClient me, String line) throws InterruptedException {
        switch (line.strip().toLowerCase(Locale.ROOT)) {
            case "" -> {}
            case "leave" -> perform(me, new ChatEvent.Leave(me.key()));
            case "who", "rooms" ->
                list(me, line.strip().toLowerCase(Locale.ROOT).equals("who"));
            default -> perform(me, new ChatEvent.Say(me.key(), Printable.of(line)));
        }
    }

    /** What changes nothing needs no log. */
    private void list(ChatClient me, boolean members) {
        lock.lock();
        try {
            ChatMember.Id id = new ChatMember.Id(server, me.key());
            if (members) {
                state.who(id);
            } else {
                state.rooms(id);
            }
        } finally {
            lock.unlock();
        }
    }

    private void rename(ChatClient me, String name) throws InterruptedException {
        if (!ChatRooms.isName(name)) {
            me.send(ChatRooms.BAD_NAME);
        } else if (name.matches("(?i)guest-\\d+")) {
            me.send(TAKEN); // the names of guests are never used again
        } else {
            perform(me, new ChatEvent.Rename(me.key(), name));
        }
    }

    private void join(ChatClient me, String room) throws InterruptedException {
        if (ChatRooms.isName(room)) {
            perform(me, new ChatEvent.Join(me.key(), room));
        } else {
            me.send(ChatRooms.BAD_NAME);
        }
    }

    private void tell(ChatClient me, String[] nickAndText) throws InterruptedException {
        if (nickAndText.length < 2) {
            me.send("! Expected msg NICK TEXT.");
        } else if (ChatRooms.isName(nickAndText[0])) {
            perform(me, new ChatEvent.Tell(me.key(), nickAndText[0], Printable.of(nickAndText[1])));
        } else {
            me.send(noSuchUser(nickAndText[0]));
        }
    }

    static String noSuchUser(String name) {
        return "! No such user: " + Printable.of(name);
    }

    /** This server's copy of a chat on several servers. */
    private final class Copy implements ChatLog.Replica {
        @Override
        public void restore(String saved) {
            ChatState restored = ChatState.of(saved);
            lock.lock();
            try {
                state = restored;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void apply(long from, boolean own, String line) {
            ChatEvent event = ChatEvent.of(line);
            lock.lock();
            try {
                if (own) {
                    server = from;
                }
                state.apply(from, event, own ? clients.get(event.key()) : null);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void gone(long from) {
            lock.lock();
            try {
                state.gone(from);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public String state() {
            lock.lock();
            try {
                return state.save();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cutOff() {
            lock.lock();
            try {
                clients.values().forEach(client -> client.cutOff(CUT_OFF));
            } finally {
                lock.unlock();
            }
        }
    }
}
