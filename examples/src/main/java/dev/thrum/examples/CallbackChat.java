package dev.thrum.examples;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Group;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * A chat with rooms, as callbacks: clients that send to each other.
 *
 * <pre>
 * java -cp '/tmp/thrum/lib/*' CallbackChat.java [threads|virtual|events [PORT]]
 * </pre>
 *
 * <p>It speaks the same protocol as {@code thrum serve --chat}: {@code nick NAME}, {@code join ROOM}, {@code leave},
 * {@code who}, {@code rooms}, {@code msg NICK TEXT} and {@code quit}; any other line goes to everyone in the room.
 *
 * <p>What to learn here:
 *
 * <ul>
 *   <li>There is one {@link Client} for each connection. Its callbacks are called one after the other, but those of
 *       different clients at the same time: what they share is guarded by a lock.
 *   <li>A client reaches another one with {@link LineSession#offer}, and a room with {@link Group#broadcast}. Both put the
 *       line into outboxes and return at once, so the lock is never held while a client is waited for.
 *   <li>Every line goes through an outbox, also the replies to the client itself: so all that a client gets is in one
 *       order. A client that reads too slowly is disconnected when its outbox is full.
 *   <li>{@link Client#lost} is called however a client goes, also if its connection is reset: the others are told there.
 * </ul>
 */
final class CallbackChat {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern GUEST = Pattern.compile("guest-\\d+", Pattern.CASE_INSENSITIVE);

    /** What could move a terminal's cursor, or make a line look like two. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\t]]");

    private final Bounds bounds;

    /** Guards what the clients share. */
    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private final Map<String, Client> clients = new HashMap<>();
    private final TreeMap<String, Room> rooms = new TreeMap<>();
    private long guests;

    /**
     * What the chat accepts, so that its memory is bounded.
     *
     * @param rooms the largest number of rooms
     * @param history the number of lines that a room keeps
     * @param lineBytes the length of the longest line
     * @param burst the number of lines that a client may send at once
     * @param perLine how long it takes until it may send one more
     */
    record Bounds(int rooms, int history, int lineBytes, int burst, Duration perLine) {
        static Bounds defaults() {
            return new Bounds(200, 50, 500, 10, Duration.ofMillis(200));
        }

        Bounds withPace(int burstValue, Duration perLineValue) {
            return new Bounds(rooms, history, lineBytes, burstValue, perLineValue);
        }
    }

    CallbackChat(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Arguments: an engine and a port, which may be left out. */
    public static void main(String[] arguments) throws Exception {
        String engineName = arguments.length > 0 ? arguments[0] : "virtual";
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7040;
        // Only this machine can connect. To serve others, name the address of a network interface here.
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        // A client that is silent for ten minutes is disconnected, and the others are told.
        Limits limits = Limits.defaults().withMaxConnections(1_000);
        try (Engine engine = engine(engineName)) {
            Server server = engine.listen(address, new CallbackChat(Bounds.defaults()).handler(), limits);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                engine.shutdown(Duration.ofSeconds(10));
                IO.println("stopped");
            }));
            IO.println("the chat listens on " + server.address() + ", engine " + engine.name());
            server.awaitClosed();
        }
    }

    /** The engine is one line; the handler is the same on all of them. */
    private static Engine engine(String name) {
        return switch (name) {
            case "threads" -> Engine.threads(200, 1_000); // 200 clients at a time, and 1,000 that wait
            case "virtual" -> Engine.virtual();
            case "events" -> EventEngine.open(EventOptions.defaults());
            default ->
                throw new IllegalArgumentException("expected the engine threads, virtual or events but was " + name);
        };
    }

    /** What an engine serves connections with. */
    ConnectionHandler handler() {
        return Lines.callbacks(LineFormat.lf().withMaxBytes(bounds.lineBytes()), Client::new);
    }

    /** A room that has members. Guarded by the lock. */
    private final class Room {
        private final String name;

        /** Iterates in the order in which they joined. */
        private final Group<Client> members =
                new Group<>(client -> client.session().connection());

        private final Deque<String> history = new ArrayDeque<>();

        Room(String name) {
            this.name = name;
        }

        void say(String line) {
            history.addLast(line);
            if (history.size() > bounds.history()) {
                history.removeFirst();
            }
            members.broadcast(bytes(line));
        }

        void tellOthers(Client client, String event) {
            members.broadcastExcept(client, bytes("* " + event));
        }

        private static byte[] bytes(String line) {
            return LineFormat.lf().encode(line);
        }
    }

    /** One client. */
    private final class Client implements LineHandler {
        // Written by the first callback, before any other client can find this one.
        private Optional<LineSession> session = Optional.empty();

        // Owned by the callbacks: when the next line is due if the client sends evenly.
        private long due;

        // Both guarded by the lock.
        private String nick = "";
        private Optional<Room> room = Optional.empty();

        LineSession session() {
            return session.orElseThrow();
        }

        @Override
        public void connected(LineSession own) {
            session = Optional.of(own);
            due = own.connection().clock().nanoTime() - burstNanos();
            lock.lock();
            try {
                nick = "guest-" + ++guests;
                own.offer("Welcome! You are " + nick + ".");
                clients.put(nick, this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void received(LineSession own, String line) {
            if (line.strip().equalsIgnoreCase("quit")) {
                go("left");
                own.offer("Goodbye!");
                own.close();
            } else if (mayGoOn(own)) {
                lock.lock();
                try {
                    obey(line);
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        public void lost(LineSession own, Optional<Throwable> reason) {
            go("disconnected"); // unless it has quit
        }

        private void go(String how) {
            lock.lock();
            try {
                leaveRoom(how);
                clients.remove(nick, this);
            } finally {
                lock.unlock();
            }
        }

        /** Whether another line may be sent now; if not, the client is told, unless it does not read. */
        private boolean mayGoOn(LineSession own) {
            long now = own.connection().clock().nanoTime();
            long early = Math.max(due - now, -burstNanos());
            if (early <= 0) {
                due = now + early + bounds.perLine().toNanos();
                return true;
            }
            if (own.connection().outbox().waiting() < 100) {
                own.offer("! Slow down.");
            }
            return false;
        }

        private long burstNanos() {
            return (bounds.burst() - 1) * bounds.perLine().toNanos();
        }

        private void obey(String line) {
            String[] words = line.strip().split("\\s+", 2);
            String rest = words.length == 2 ? words[1] : "";
            String command = words[0].toLowerCase(Locale.ROOT);
            switch (command) {
                case "nick" -> rename(rest);
                case "join" -> join(rest);
                case "msg" -> tell(rest.split("\\s+", 2));
                default -> {
                    switch (rest.isEmpty() ? command : "say") {
                        case "" -> {}
                        case "rooms" -> listRooms();
                        case "leave" -> leave();
                        case "who" -> who();
                        default -> say(line);
                    }
                }
            }
        }

        private void rename(String name) {
            if (!NAME.matcher(name).matches()) {
                badName();
            } else if (GUEST.matcher(name).matches() || clients.putIfAbsent(name, this) != null) {
                session().offer("! That name is taken.");
            } else {
                String old = nick;
                clients.remove(old);
                nick = name;
                session().offer("You are now " + name + ".");
                room.ifPresent(here -> here.tellOthers(this, old + " is now " + name));
            }
        }

        private void badName() {
            session().offer("! Names are 1 to 20 letters, digits, - or _.");
        }

        private void join(String name) {
            Optional<Room> wanted = Optional.ofNullable(rooms.get(name));
            if (!NAME.matcher(name).matches()) {
                badName();
            } else if (wanted.isPresent() && wanted.equals(room)) {
                session().offer("! You are in " + name + " already.");
            } else if (wanted.isEmpty() && rooms.size() >= bounds.rooms()) {
                session().offer("! There are " + bounds.rooms() + " rooms, join one of those.");
            } else {
                leaveRoom("left");
                enter(rooms.computeIfAbsent(name, Room::new));
            }
        }

        /** Under the lock, so that this client gets each line of the room once: in the history, or later as a member. */
        private void enter(Room here) {
            here.tellOthers(this, nick + " joined");
            boolean _ = here.members.join(this);
            room = Optional.of(here);
            StringJoiner lines = new StringJoiner("\n");
            lines.add("You joined " + here.name + " (" + here.members.size() + " here).");
            here.history.forEach(lines::add);
            session().offer(lines.toString());
        }

        private void leave() {
            room.ifPresentOrElse(
                    here -> {
                        leaveRoom("left");
                        session().offer("You left " + here.name + ".");
                    },
                    this::noRoom);
        }

        private void leaveRoom(String how) {
            room.ifPresent(here -> {
                boolean _ = here.members.leave(this);
                here.tellOthers(this, nick + " " + how);
                if (here.members.size() == 0) {
                    rooms.remove(here.name, here);
                }
            });
            room = Optional.empty();
        }

        private void noRoom() {
            session().offer("! Join a room first.");
        }

        private void who() {
            room.ifPresentOrElse(
                    here -> {
                        StringJoiner names = new StringJoiner(" ", here.name + ": ", "");
                        here.members.forEach(member -> names.add(member.nick));
                        session().offer(names.toString());
                    },
                    this::noRoom);
        }

        private void listRooms() {
            StringJoiner lines = new StringJoiner("\n");
            rooms.forEach((name, each) -> lines.add(name + " (" + each.members.size() + ")"));
            session().offer(lines.add(rooms.size() + " rooms.").toString());
        }

        private void say(String line) {
            room.ifPresentOrElse(here -> here.say(nick + ": " + printable(line)), this::noRoom);
        }

        private void tell(String[] nickAndText) {
            if (nickAndText.length < 2) {
                session().offer("! Expected msg NICK TEXT.");
                return;
            }
            String text = printable(nickAndText[1]);
            Client other = clients.get(nickAndText[0]);
            if (other == null || other.session().offer("(private) " + nick + ": " + text) != Outcome.ACCEPTED) {
                session().offer("! No such user: " + printable(nickAndText[0]));
            } else {
                session().offer("(to " + other.nick + ") " + text);
            }
        }

        private static String printable(String text) {
            return UNPRINTABLE
                    .matcher(text)
                    .replaceAll(found -> String.format(
                            Locale.ROOT, "\\\\u%04x", found.group().codePointAt(0)));
        }
    }
}
