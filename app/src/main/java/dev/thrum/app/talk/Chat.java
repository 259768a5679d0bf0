package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.Threads;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A conversation between a person, or a pipe, and a server: text from either side is passed on as it arrives.
 *
 * <p>The calling thread owns the connection's input and receives. A daemon thread owns the output and reads the keyboard,
 * so that a blocked terminal doesn't keep the program from ending after the server has closed the connection.
 */
public final class Chat {
    private static final System.Logger LOG = System.getLogger("dev.thrum.talk");

    /** A person may take any time to type, and a server any time to reply. */
    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final Connection connection;
    private final Framing framing;
    private final Duration patience;
    private final Screen screen;

    private final CountDownLatch serverEnded = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    /** Whether the server was asked to close; set by the thread that types. */
    private volatile boolean asked;
    /** Whether the user has left, or the server was silent for too long; set by the thread that types. */
    private volatile boolean left;

    private final AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());

    /** Displays text from the server. */
    interface Screen {
        void show(String text);
    }

    /** Supplies the lines to send. */
    interface Keyboard {
        /** Waits for the next line; empty at the end of the input. */
        Optional<String> next() throws IOException;
    }

    /** The user wants to leave at once. */
    static final class Leave extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param connection owned by the caller, who closes it when {@link #run} has returned
     * @param patience how long the server may be silent after it was asked to close
     */
    public Chat(Connection connection, Framing framing, Duration patience, Screen screen) {
        this.connection = connection;
        this.framing = framing;
        this.patience = patience;
        this.screen = screen;
    }

    /** How a conversation has ended. */
    public enum Ended {
        /** The server closed the connection after a half-close by the client, or after quit. */
        AS_ASKED,
        /** The server closed the connection without being asked. */
        BY_SERVER,
        /** The user left. */
        BY_USER
    }

    /** Talks until the server closes or the user leaves. */
    public Ended run(Keyboard keyboard) throws CommandException {
        connection.deadlines(new Limits.Deadlines(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED));
        connection.releaseOutput();
        Thread typing = Threads.daemon("talk-keyboard", () -> type(keyboard));
        typing.start();
        Ended ended = Ended.BY_USER;
        try {
            receive();
            if (!left) {
                ended = asked ? Ended.AS_ASKED : Ended.BY_SERVER;
            }
        } catch (IOException e) {
            if (!left) {
                throw new CommandException("the connection broke: " + e.getMessage(), e);
            }
        } finally {
            serverEnded.countDown();
            typing.interrupt();
        }
        Optional<String> reason = failure.get();
        if (reason.isPresent()) {
            throw new CommandException(reason.get());
        }
        return ended;
    }

    private void receive() throws IOException {
        LineCutter cutter = new LineCutter(screen::show);
        byte[] buffer = new byte[8 * 1024];
        int count = connection.reader().readAvailable(buffer, 0, buffer.length);
        while (count >= 0) {
            received.addAndGet(count);
            cutter.add(buffer, count);
            if (framing == Framing.BYTES) {
                cutter.end();
            }
            count = connection.reader().readAvailable(buffer, 0, buffer.length);
        }
        cutter.end();
    }

    private void type(Keyboard keyboard) {
        try {
            Optional<String> line = next(keyboard);
            boolean quit = false;
            while (line.isPresent() && !quit) {
                quit = line.get().strip().equalsIgnoreCase("quit");
                // Before it is sent: the server may close at once.
                asked = quit;
                send(line.get());
                line = quit ? Optional.empty() : next(keyboard);
            }
            if (!quit) {
                asked = true;
                connection.shutdownOutput();
            }
            awaitEnd();
        } catch (Leave e) {
            leave();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "sending failed; the receiving thread reports the reason", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> next(Keyboard keyboard) throws Leave {
        try {
            return keyboard.next();
        } catch (Leave e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (serverEnded.getCount() == 0) {
                // The terminal is closed in the middle of a line, because the server has closed the connection.
                throw new Leave();
            }
            failure.set(Optional.of("the typed input can't be read: " + e.getMessage()));
            throw new Leave();
        }
    }

    private void send(String line) throws IOException {
        connection.writer().write(line + framing.terminator());
        connection.writer().flush();
    }

    /** Waits until the server closes, as long as it keeps sending. */
    private void awaitEnd() throws InterruptedException {
        long before;
        do {
            before = received.get();
            if (serverEnded.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } while (received.get() != before);
        failure.set(Optional.of("expected the server to close the connection but it was silent for "
                + patience.toMillis() + " ms; wait longer with --deadline TIME"));
        leave();
    }

    /** Ends the other thread's wait for the server. */
    private void leave() {
        left = true;
        connection.shutdownInput();
    }
}
