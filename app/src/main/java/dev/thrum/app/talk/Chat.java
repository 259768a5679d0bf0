package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A person, or a pipe, and a server: what either says is passed on as it comes.
 *
 * <p>Full duplex, which a {@link dev.thrum.engine.Connection} with its one owner is not; so it has a socket of its own.
 * The calling thread receives; a daemon thread types, so that a blocked terminal keeps nobody from leaving when the
 * server has closed.
 */
public final class Chat {
    private static final System.Logger LOG = System.getLogger("dev.thrum.talk");

    private final Socket socket;
    private final Framing framing;
    private final Duration patience;
    private final Screen screen;

    private final CountDownLatch serverEnded = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    /** Whether the server was asked to close; set by the thread that types. */
    private volatile boolean asked;

    private final AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());

    /** Where what the server said is shown. */
    interface Screen {
        void show(String text);
    }

    /** Where the lines to send come from. */
    interface Keyboard {
        /** Waits for the next line; empty when there is none any more. */
        Optional<String> next() throws IOException;
    }

    /** The user wants to leave at once. */
    static final class Leave extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param patience how long the server may be silent once it was asked to end
     */
    public Chat(Socket socket, Framing framing, Duration patience, Screen screen) {
        this.socket = socket;
        this.framing = framing;
        this.patience = patience;
        this.screen = screen;
    }

    /** How a conversation has ended. */
    public enum Ended {
        /** The server closed the connection after we had ended our half, or had said quit. */
        AS_ASKED,
        /** The server closed the connection by itself. */
        BY_SERVER,
        /** The user left. */
        BY_USER
    }

    /** Talks until the server closes or the user leaves. */
    public Ended run(Keyboard keyboard) throws CommandException {
        Thread typing = Thread.ofPlatform().daemon().name("talk-keyboard").start(() -> type(keyboard));
        Ended ended = Ended.BY_USER;
        try {
            receive();
            ended = asked ? Ended.AS_ASKED : Ended.BY_SERVER;
        } catch (IOException e) {
            if (!socket.isClosed()) {
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
        InputStream in = socket.getInputStream();
        LineCutter cutter = new LineCutter(screen::show);
        byte[] buffer = new byte[8 * 1024];
        int count = in.read(buffer);
        while (count >= 0) {
            received.addAndGet(count);
            cutter.add(buffer, count);
            if (framing == Framing.BYTES) {
                cutter.end();
            }
            count = in.read(buffer);
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
                socket.shutdownOutput();
            }
            awaitEnd();
        } catch (Leave e) {
            close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "nothing can be sent any more; the receiving side sees why, and says so", e);
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
                // The terminal is taken down while a line is half typed, because the server has closed.
                throw new Leave();
            }
            failure.set(Optional.of("what is typed can't be read: " + e.getMessage()));
            throw new Leave();
        }
    }

    private void send(String line) throws IOException {
        socket.getOutputStream().write((line + framing.terminator()).getBytes(StandardCharsets.UTF_8));
    }

    /** Gives the server time as long as it goes on speaking. */
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
        close();
    }

    private void close() {
        try {
            socket.close();
        } catch (IOException e) {
            failure.compareAndSet(Optional.empty(), Optional.of("the socket could not be closed: " + e.getMessage()));
        }
    }
}
