package dev.thrum.bench.load;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Conversations of outgoing connections, each of which sends a line when it has the answer to the one before. Its methods are
 * called by one thread; the conversations run on the engine's.
 */
public final class OutgoingConversations implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Engine engine;
    private final int count;

    /** Owned by the calling thread. */
    private final List<Connection> connections = new ArrayList<>();

    private final CountDownLatch running;
    private final LongAdder trips = new LongAdder();
    private final CompletableFuture<Exception> failure = new CompletableFuture<>();

    /** Written by the calling thread, read by the conversations. */
    private volatile boolean ending;

    /** This many conversations; none has begun. */
    public OutgoingConversations(Engine engine, int count) {
        this.engine = engine;
        this.count = count;
        running = new CountDownLatch(count);
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
        try {
            while (!ending) {
                ask(session, line);
                trips.increment();
            }
        } catch (IOException | RuntimeException e) {
            var _ = failure.complete(e);
        } finally {
            running.countDown();
        }
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
        return trips.sum();
    }

    /** Waits for this long, or throws the failure of a conversation. */
    public void runFor(Duration time) throws IOException, InterruptedException {
        try {
            Exception e = failure.get(time.toMillis(), TimeUnit.MILLISECONDS);
            throw new IOException("expected all conversations to continue but one failed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            // None has failed.
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected the failure as a value", e);
        }
    }

    /** Ends the conversations after their next answers. */
    public void end() throws IOException, InterruptedException {
        ending = true;
        if (!running.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("expected the end of all conversations within " + DEADLINE.toSeconds() + " s but "
                    + running.getCount() + " are left: the server hangs");
        }
        runFor(Duration.ZERO);
    }

    @Override
    public void close() {
        ending = true;
        connections.forEach(Connection::reset);
    }
}
