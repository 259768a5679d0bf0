package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A snapshot of a live connection, as {@link Engine#connections} reports it.
 *
 * @param number a number that counts up from 1 over the engine's life
 * @param side whether a client connected to this program, or this program opened the connection
 * @param bytesIn bytes received so far
 * @param bytesOut bytes handed to the network so far
 * @param waits what its owners wait for
 * @param messages those of its {@link Outbox}
 * @param tls what was agreed on, if it is encrypted and its handshake is done
 */
public record ConnectionInfo(
        long number,
        Side side,
        String engine,
        InetSocketAddress peer,
        Duration age,
        long bytesIn,
        long bytesOut,
        Waits waits,
        Messages messages,
        Optional<TlsInfo> tls) {

    static ConnectionInfo of(Connection connection, Duration age) {
        return new ConnectionInfo(
                connection.number(),
                connection.side(),
                connection.engine().name(),
                connection.peer(),
                age,
                connection.bytesIn(),
                connection.bytesOut(),
                Waits.of(connection, age),
                connection.output().messages(),
                connection.tls());
    }

    /** What the connection waits for: its output if that waits, even while another thread reads; else its input. */
    public Waiting waitingFor() {
        return waits.what();
    }

    /**
     * What the owners of a connection wait for at this moment.
     *
     * @param input never {@link Waiting#OUTPUT}
     * @param output {@link Waiting#OUTPUT} while the owner of its output waits for the peer to read, else
     *     {@link Waiting#NOTHING}
     * @param time how long it has waited for {@link ConnectionInfo#waitingFor}; zero if it does not wait
     */
    public record Waits(Waiting input, Waiting output, Duration time) {
        static Waits of(Connection connection, Duration age) {
            WaitState.Wait input = connection.waiting().current();
            WaitState.Wait output = connection.sending().current();
            WaitState.Wait wait = output.what() == Waiting.NOTHING ? input : output;
            long now = connection.clock().nanoTime();
            // The first wait, for a thread, begins with the connection.
            long waited = wait.what() == Waiting.NOTHING ? 0 : wait.since() == 0 ? age.toNanos() : now - wait.since();
            return new Waits(
                    connection.input().isResting() ? Waiting.RESTING : input.what(),
                    output.what(),
                    Duration.ofNanos(Math.max(0, waited)));
        }

        /** What the connection waits for: its output if that waits, even while another thread reads; else its input. */
        public Waiting what() {
            return output == Waiting.NOTHING ? input : output;
        }
    }

    /**
     * The messages of an {@link Outbox}.
     *
     * @param waiting how many wait to be sent
     * @param dropped how many were dropped so far
     * @param oldest how long the oldest one has waited, at least
     */
    public record Messages(int waiting, long dropped, Duration oldest) {
        static final Messages NONE = new Messages(0, 0, Duration.ZERO);
    }

    /** Who opened the connection. */
    public enum Side {
        SERVED,
        OPENED
    }

    /** The kinds of waits of a connection. */
    public enum Waiting {
        /** A thread to run its handler (engine {@code threads}). */
        WORKER,
        /** The TLS handshake of an encrypted connection. */
        HANDSHAKE,
        /** The first byte of the next message. */
        MESSAGE,
        /** The first byte of the next exchange: a server that drains ends a conversation that waits for this. */
        EXCHANGE,
        /** The same without a thread; or for a timer, or the end ({@link ExchangeHandler}). */
        RESTING,
        /** The rest of a message. */
        INPUT,
        /** A time to pass, or the end of the stream: its handler only writes now and then. */
        PAUSE,
        /** Room for output: the peer must read first. */
        OUTPUT,
        /** Nothing: its handler runs, or waits for something other than its peer. */
        NOTHING
    }
}
