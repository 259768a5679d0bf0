package dev.thrum.testkit;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ExchangeHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A protocol in exchanges, each of which is a line and its echo. It records what the engine does with its sessions, and what
 * it must not do.
 */
final class ExchangedLines implements ExchangeHandler {
    private final Queue<Talk> talks = new ConcurrentLinkedQueue<>();

    /** What the engine must not do, and has done. */
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    private final Beginning beginning;
    private final Answer answer;

    /** What a session does first. */
    @FunctionalInterface
    interface Beginning {
        void begin(Talk talk) throws Exception;
    }

    /** What an exchange does; returns whether another may follow. */
    @FunctionalInterface
    interface Answer {
        boolean exchange(Talk talk) throws Exception;
    }

    ExchangedLines(Beginning beginning, Answer answer) {
        this.beginning = beginning;
        this.answer = answer;
    }

    /** Echoes lines. */
    static ExchangedLines echo() {
        return new ExchangedLines(talk -> {}, ExchangedLines::echo);
    }

    static boolean echo(Talk talk) throws Exception {
        String line = Scene.line(talk.connection());
        if (line.equals("<end>")) {
            return false;
        }
        talk.connection().writer().write(line + "\n");
        return !line.equals("last");
    }

    List<Talk> talks() {
        return List.copyOf(talks);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Whether this many sessions have begun and ended. */
    boolean haveEnded(int count) {
        return talks.size() == count
                && talks.stream().allMatch(talk -> talk.endings().size() == 1);
    }

    @Override
    public Session begin(Connection connection) throws Exception {
        Talk talk = new Talk(connection);
        talks.add(talk);
        beginning.begin(talk);
        return talk;
    }

    @Override
    public byte[] refusal(Refusal reason) {
        return ("refused: " + reason + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The session of one client. */
    final class Talk implements Session {
        private final Connection connection;
        private final AtomicBoolean running = new AtomicBoolean();
        private final AtomicInteger exchanges = new AtomicInteger();
        private final Queue<Optional<Throwable>> endings = new ConcurrentLinkedQueue<>();

        // Neither volatile nor locked on purpose: each exchange must see what the one before has written.
        private int plain;
        private boolean over;

        Talk(Connection connection) {
            this.connection = connection;
        }

        Connection connection() {
            return connection;
        }

        int exchanges() {
            return exchanges.get();
        }

        List<Optional<Throwable>> endings() {
            return List.copyOf(endings);
        }

        /** Ends the conversation; called by the owner. */
        void end() {
            over = true;
        }

        @Override
        public boolean exchange() throws Exception {
            enter("an exchange");
            try {
                if (!endings.isEmpty()) {
                    faults.add("an exchange after the end");
                }
                plain++;
                if (plain != exchanges.incrementAndGet()) {
                    faults.add("exchange " + exchanges + " found " + plain + " in memory");
                }
                return answer.exchange(this);
            } finally {
                running.set(false);
            }
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public void ended(Optional<Throwable> reason) throws Exception {
            enter("the end");
            endings.add(reason);
            if (endings.size() > 1) {
                faults.add("a session was ended twice");
            }
            // Fails if the connection is closed or broken, which is no fault.
            connection.writer().write("bye\n");
            running.set(false);
        }

        private void enter(String what) {
            if (running.getAndSet(true)) {
                faults.add(what + " while the session runs on another thread");
            }
        }
    }
}
