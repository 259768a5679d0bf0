package dev.thrum.measure.compare.run;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clients that are connected and ask for nothing: idle ones, or slow ones, each of which sends the head of a request byte by byte,
 * one a second, and never its end. A connection that the server closes is opened again.
 */
final class Crowd implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int STEPS = 10;
    private static final byte[] HEAD =
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress server;

    /** Owned by the thread that makes it, but from {@link #trickle} until {@link #close} by the one that sends. */
    private final List<SocketChannel> connections = new ArrayList<>();

    /** Owned by the thread that makes it; null for idle clients. */
    private @Nullable Thread sender;

    /** Written by the thread that makes it. */
    private volatile boolean isOver;

    private Crowd(InetSocketAddress server) {
        this.server = server;
    }

    /** Connects idle clients. */
    static Crowd connect(int port, int clients) throws IOException {
        Crowd crowd = new Crowd(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        try {
            for (int client = 0; client < clients; client++) {
                crowd.connections.add(SocketChannel.open(crowd.server));
            }
            return crowd;
        } catch (IOException e) {
            crowd.close();
            throw e;
        }
    }

    /** From now on its clients are slow ones. */
    void trickle() {
        sender = Thread.ofVirtual().name("thrum-slow-clients").start(this::run);
    }

    private void run() {
        try {
            for (int turn = 0; !isOver; turn++) {
                for (int client = turn % STEPS; client < connections.size(); client += STEPS) {
                    send(client, turn / STEPS);
                }
                Clock.system().sleep(STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(int client, int at) {
        byte next = at < HEAD.length ? HEAD[at] : (byte) 'x';
        try {
            var _ = connections.get(client).write(ByteBuffer.wrap(new byte[] {next}));
        } catch (IOException e) {
            replace(client);
        }
    }

    private void replace(int client) {
        try {
            connections.get(client).close();
            connections.set(client, SocketChannel.open(server));
        } catch (IOException e) {
            // The server ends, or is full; it is tried again in a second.
        }
    }

    @Override
    public void close() {
        isOver = true;
        if (sender != null) {
            Threads.joinUninterruptibly(sender);
        }
        for (SocketChannel connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                // It is gone in any case.
            }
        }
    }
}
