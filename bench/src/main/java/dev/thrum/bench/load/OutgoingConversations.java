package dev.thrum.bench.load;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import dev.thrum.measure.CpuClock;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Conversations of outgoing connections, each of which sends a line when it has the answer to the one before. Its methods are
 * called by one thread; the conversations run on the engine's.
 */
public final class OutgoingConversations implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Engine engine;
    private final int count;
    private final ClosedLoop loop;

    /** Owned by the calling thread. */
    private final List<Connection> connections = new ArrayList<>();

    /** This many conversations; none has begun. */
    public OutgoingConversations(Engine engine, int count) {
        this.engine = engine;
        this.count = count;
        loop = new ClosedLoop(count);
    }

    /** Begins all conversations. */
    public void open(InetSocketAddress address) throws IOException {
        while (connections.size() < count) {
            connections.add(engine.connect(address, DEADLINE, Lines.of(LineFormat.lf(), this::converse)));
        }
    }

    private void converse(LineSession session) {
        String line = String.format(
                Locale.ROOT, "connection %09d says hello", session.connection().number());
        loop.work(() -> ask(session, line));
    }

    private static void ask(LineSession session, String line) throws IOException {
        String expected = LineDialogue.PREFIX + line;
        session.writeLine(line);
        Optional<String> answer = session.readLine();
        if (answer.filter(expected::equals).isEmpty()) {
            throw new IOException("expected \"" + expected + "\" but was "
                    + answer.map(text -> '"' + text + '"').orElse("the end of the stream"));
        }
    }

    /** The number of round trips that have been completed. */
    public long trips() {
        return loop.trips();
    }

    /** Waits for this long, or throws the failure of a conversation. */
    public void runFor(Duration time) throws IOException, InterruptedException {
        loop.runFor(time);
    }

    Window measure(String[] command, CpuClock own) throws IOException, InterruptedException {
        return loop.measure(command, own);
    }

    /** Ends the conversations after their next answers. */
    public void end() throws IOException, InterruptedException {
        loop.end();
    }

    @Override
    public void close() {
        loop.stop();
        connections.forEach(Connection::reset);
    }
}
