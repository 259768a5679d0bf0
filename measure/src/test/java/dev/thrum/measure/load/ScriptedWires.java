package dev.thrum.measure.load;

import dev.thrum.measure.Wires;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/** A server in virtual time, which reacts to each request as a script says. */
final class ScriptedWires implements Wires {
    static final int RESET = 104;
    static final int REFUSED = 111;

    private final VirtualClock clock;
    private final Script script;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong((Event event) -> event.at - origin()).thenComparingLong(Event::number));
    private final long origin;
    private long number;
    private int openings;

    /** Each wait ends this much too late. */
    private long overshoot;

    /** What the server does. */
    @FunctionalInterface
    interface Script {
        /** Returns what it sends, after a request on this connection, of which it is the {@code nth}, at this instant. */
        List<Act> react(int connection, int nth, long now);

        /** Whether it accepts the next connection: 0, or a failure. */
        default int accept(int opening) {
            return 0;
        }

        /** What it sends on a new connection. */
        default List<Act> greet() {
            return List.of();
        }
    }

    /** Bytes that arrive after a delay; none for the end of the output, and {@code failure} for a reset. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Act(long delay, byte[] bytes, int failure) {
        static Act send(long delay, String text) {
            return new Act(delay, text.getBytes(StandardCharsets.ISO_8859_1), 0);
        }

        static Act end(long delay) {
            return new Act(delay, new byte[0], 0);
        }

        static Act reset(long delay) {
            return new Act(delay, new byte[0], RESET);
        }
    }

    private record Event(long at, long number, Connection connection, Act act) {}

    private static final class Connection {
        final int slot;
        final Deque<Act> input = new ArrayDeque<>();
        int requests;
        boolean isOpening = true;
        boolean isOpen = true;
        int failure;

        Connection(int slot) {
            this.slot = slot;
        }
    }

    ScriptedWires(VirtualClock clock, Script script) {
        this.clock = clock;
        this.script = script;
        this.origin = clock.nanoTime();
    }

    private Connection known(int connection) {
        return Objects.requireNonNull(connections.get(connection));
    }

    private long origin() {
        return origin;
    }

    void overshootBy(long nanos) {
        overshoot = nanos;
    }

    @Override
    public int open(int connection) {
        Connection opened = new Connection(connection);
        opened.failure = script.accept(openings++);
        connections.put(connection, opened);
        script.greet().forEach(act -> events.add(new Event(clock.nanoTime() + act.delay, number++, opened, act)));
        return 0;
    }

    @Override
    public int failure(int connection) {
        Connection opened = known(connection);
        opened.isOpening = false;
        return opened.failure;
    }

    @Override
    public void watch(int connection, boolean isOutput) {
        if (isOutput) {
            throw new IllegalStateException("expected room for every request");
        }
    }

    @Override
    public long send(int connection, MemorySegment bytes, long offset) {
        Connection to = known(connection);
        long now = clock.nanoTime();
        for (Act act : script.react(connection, to.requests, now)) {
            events.add(new Event(now + act.delay, number++, to, act));
        }
        to.requests++;
        return bytes.asSlice(offset).toArray(ValueLayout.JAVA_BYTE).length;
    }

    @Override
    public int receive(int connection, byte[] target) {
        Deque<Act> input = known(connection).input;
        Act first = input.peek();
        if (first == null) {
            return -AGAIN;
        }
        if (first.bytes.length == 0) {
            input.remove();
            return -first.failure;
        }
        int count = 0;
        while (!input.isEmpty() && input.peek().bytes.length > 0) {
            byte[] bytes = input.remove().bytes;
            System.arraycopy(bytes, 0, target, count, bytes.length);
            count += bytes.length;
        }
        return count;
    }

    @Override
    public void close(int connection) {
        Connection closed = connections.get(connection);
        if (closed != null) {
            closed.isOpen = false;
        }
    }

    @Override
    public void await(long nanos, Ready ready) throws IOException {
        List<Integer> those = ready();
        if (those.isEmpty()) {
            Event event = events.peek();
            long wait = Math.max(0, nanos);
            long left = event == null ? wait : Math.min(wait, Math.max(0, event.at - clock.nanoTime()));
            clock.advance(left + overshoot);
            arrive();
            those = ready();
        }
        for (int slot : those) {
            ready.receive(slot);
        }
    }

    private void arrive() {
        while (!events.isEmpty() && events.peek().at - clock.nanoTime() <= 0) {
            Event event = events.remove();
            if (event.connection.isOpen) {
                event.connection.input.add(event.act);
            }
        }
    }

    private List<Integer> ready() {
        arrive();
        List<Integer> those = new ArrayList<>();
        for (Connection connection : connections.values()) {
            if (connection.isOpen && (connection.isOpening || !connection.input.isEmpty())) {
                those.add(connection.slot);
            }
        }
        return those;
    }

    @Override
    public void close() {
        connections.clear();
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static List<Act> acts(Act... acts) {
        return Arrays.asList(acts);
    }
}
