package dev.thrum.examples;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A key-value store in memory: a line protocol whose clients share state.
 *
 * <pre>
 * java -cp '/tmp/thrum/lib/*' KeyValueStore.java [threads|virtual|events [PORT]]
 * </pre>
 *
 * <p>Each request is a line, and so is each response; only {@code KEYS} is answered with more lines, and says how many:
 *
 * <pre>
 * SET colour dark blue     OK
 * GET colour               VALUE dark blue, or NONE
 * DEL colour               OK, or NONE
 * KEYS                     KEYS 1, and then a line for each key, sorted
 * QUIT                     BYE
 * anything else            ERROR and what was expected
 * </pre>
 *
 * <p>What to learn here:
 *
 * <ul>
 *   <li>{@link #converse} is called once for each client, on a thread that serves only this client. It is ordinary
 *       blocking code; a client's own state is in local variables.
 *   <li>The entries are shared by all clients, so a lock guards them. It is never held while a client is waited for.
 *   <li>Everything that a client can make the store keep is bounded: the number of keys, and the length of each key and
 *       value.
 * </ul>
 */
final class KeyValueStore {
    private static final String COMMANDS = "expected SET KEY VALUE, GET KEY, DEL KEY, KEYS or QUIT";

    /** The longest form of a character in UTF-8, in bytes. */
    private static final int BYTES_PER_CHARACTER = 3;

    private final Bounds bounds;

    /**
     * "Add a key unless there are too many" checks and then changes. A concurrent map would allow another client
     * between the two, so that there could be more keys than allowed.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final TreeMap<String, String> entries = new TreeMap<>(); // guarded by lock

    /**
     * What the store accepts.
     *
     * @param keys the largest number of keys
     * @param keyLength the length of the longest key, in characters
     * @param valueLength the length of the longest value, in characters
     */
    record Bounds(int keys, int keyLength, int valueLength) {
        /** At most about 20 MB in all. */
        static Bounds defaults() {
            return new Bounds(10_000, 100, 1_000);
        }
    }

    KeyValueStore(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Arguments: an engine and a port, which may be left out. */
    public static void main(String[] arguments) throws Exception {
        String engineName = arguments.length > 0 ? arguments[0] : "virtual";
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7010;
        // Only this machine can connect. To serve others, name the address of a network interface here.
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        // A silent client is disconnected after two minutes, one that doesn't complete a line after ten seconds.
        Limits.Deadlines deadlines =
                Limits.Deadlines.defaults().withIdle(Duration.ofMinutes(2)).withRead(Duration.ofSeconds(10));
        Limits limits = Limits.defaults().withMaxConnections(1_000).withDeadlines(deadlines);
        try (Engine engine = engine(engineName)) {
            Server server = engine.listen(address, new KeyValueStore(Bounds.defaults()).handler(), limits);
            // At Ctrl-C: no new clients, and ten seconds for those that are connected.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                engine.shutdown(Duration.ofSeconds(10));
                IO.println("stopped");
            }));
            IO.println("the key-value store listens on " + server.address() + ", engine " + engine.name());
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
        // A longer line is refused before it has been read to its end, so it never takes more memory than this.
        int longestLine = "SET ".length() + 1 + BYTES_PER_CHARACTER * (bounds.keyLength() + bounds.valueLength());
        // Room for a value that is a little too long: its client gets a better message, and stays connected.
        return Lines.of(LineFormat.lf().withMaxBytes(2 * longestLine), this::converse);
    }

    /** One client, from its first line to its last. */
    private void converse(LineSession session) throws IOException {
        for (Optional<String> line = session.readLine(); line.isPresent(); line = session.readLine()) {
            // At most three words: the value keeps its blanks.
            String[] words = line.get().strip().split("\\s+", 3);
            String command = words[0].toUpperCase(Locale.ROOT);
            int arguments = words.length - 1;
            switch (command + " " + arguments) {
                case "QUIT 0" -> {
                    session.writeLine("BYE");
                    return; // and the connection is closed when this has been sent
                }
                case "SET 2" -> session.writeLine(set(words[1], words[2]));
                case "GET 1" -> session.writeLine(get(words[1]));
                case "DEL 1" -> session.writeLine(delete(words[1]));
                case "KEYS 0" -> writeKeys(session);
                default -> session.writeLine("ERROR " + COMMANDS);
            }
        }
    }

    private String set(String key, String value) {
        if (key.length() > bounds.keyLength()) {
            return "ERROR expected a key of at most " + bounds.keyLength() + " characters but it had " + key.length()
                    + ": use a shorter one";
        }
        if (value.length() > bounds.valueLength()) {
            return "ERROR expected a value of at most " + bounds.valueLength() + " characters but it had "
                    + value.length() + ": use several keys";
        }
        lock.lock();
        try {
            if (entries.size() >= bounds.keys() && !entries.containsKey(key)) {
                return "ERROR expected at most " + bounds.keys() + " keys but this would be one more: DEL a key first";
            }
            entries.put(key, value);
            return "OK";
        } finally {
            lock.unlock();
        }
    }

    private String get(String key) {
        lock.lock();
        try {
            String value = entries.get(key);
            return value == null ? "NONE" : "VALUE " + value;
        } finally {
            lock.unlock();
        }
    }

    private String delete(String key) {
        lock.lock();
        try {
            return entries.remove(key) == null ? "NONE" : "OK";
        } finally {
            lock.unlock();
        }
    }

    /** Copies the keys under the lock and writes them without it: a slow reader would stop all other clients. */
    private void writeKeys(LineSession session) throws IOException {
        List<String> keys;
        lock.lock();
        try {
            keys = List.copyOf(entries.keySet());
        } finally {
            lock.unlock();
        }
        session.writeLine("KEYS " + keys.size());
        for (String key : keys) {
            session.writeLine(key);
        }
    }
}
