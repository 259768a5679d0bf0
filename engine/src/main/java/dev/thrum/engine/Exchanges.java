package dev.thrum.engine;

import dev.thrum.base.HeldLocks;
import dev.thrum.engine.ByteReader.Next;
import dev.thrum.engine.EngineStats.WakeUp;
import dev.thrum.engine.ExchangeHandler.Session;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of the exchanges of a connection, to their end or until the connection rests. Owned by the thread that runs it. */
final class Exchanges {
    private final ExchangeHandler handler;
    private final Connection connection;
    private final ByteReader reader;
    private final Session session;

    /** Creates it, for a conversation that has begun. */
    Exchanges(ExchangeHandler handler, Connection connection, Session session) {
        this.handler = handler;
        this.connection = connection;
        this.reader = connection.reader();
        this.session = session;
    }

    /** Begins a conversation. */
    static Session begin(ExchangeHandler handler, Connection connection) throws Exception {
        return Objects.requireNonNull(handler.begin(connection), "expected a session but begin gave null");
    }

    /**
     * Serves exchanges until the conversation ends or the connection rests.
     *
     * @param mayRest whether it may rest
     * @param woken whether it has rested before this run
     * @return whether it rests
     */
    boolean serve(boolean mayRest, boolean woken) throws Exception {
        Throwable reason = null;
        try {
            Next next = woken ? nextAfterRest() : next(mayRest);
            while (next == Next.EXCHANGE && exchange()) {
                next = next(mayRest);
            }
            if (next == Next.REST) {
                return true;
            }
        } catch (Throwable e) {
            reason = e;
        }
        end(reason);
        return false;
    }

    /** Waits for the next exchange, the end, or until the connection should rest. */
    private Next next(boolean mayRest) throws IOException {
        Next next = Next.TASKS;
        while (next == Next.TASKS) {
            next = session.isOver() ? Next.END : reader.awaitNext(mayRest);
        }
        return next;
    }

    /** Waits like {@link #next}, and counts what has woken the connection. */
    private Next nextAfterRest() throws IOException {
        WakeUp why = connection.input().hasDueTasks() ? WakeUp.TIMER : WakeUp.FALSE_ALARM;
        try {
            Next next = next(true);
            if (next == Next.EXCHANGE) {
                why = WakeUp.INPUT;
            } else if (next == Next.END) {
                why = connection.isDraining() ? WakeUp.DRAIN : WakeUp.END;
            }
            return next;
        } catch (DeadlineException e) {
            why = WakeUp.DEADLINE;
            throw e;
        } catch (IOException e) {
            why = WakeUp.RESET;
            throw e;
        } finally {
            connection.engine().registry().countWakeUp(why);
        }
    }

    /** Serves one exchange; returns whether another may follow. */
    private boolean exchange() throws Exception {
        long read = reader.consumed();
        boolean more = session.exchange();
        if (HeldLocks.CHECKED) {
            requireNoLock();
        }
        if (more && reader.consumed() == read) {
            throw new IllegalStateException("expected the exchange of " + name()
                    + " to read at least one byte but it read none: read the input, or return false to end the"
                    + " conversation");
        }
        return more;
    }

    private void requireNoLock() {
        String held = HeldLocks.textOfCaller();
        if (!held.isEmpty()) {
            throw new IllegalStateException("expected no lock to be held when an exchange of " + name()
                    + " ends but its thread holds " + held
                    + ": unlock it before that, because the next exchange may run on another thread");
        }
    }

    private String name() {
        return handler.getClass().getName() + " (" + session + ")";
    }

    /** Ends the session, and throws the reason or the failure of ending it. */
    private void end(@Nullable Throwable reason) throws Exception {
        Throwable failure = reason;
        try {
            session.ended(Optional.ofNullable(reason));
        } catch (Throwable e) {
            if (failure == null) {
                failure = e;
            } else if (!e.equals(failure)) {
                failure.addSuppressed(e);
            }
        }
        switch (failure) {
            case null -> {}
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a session failed", failure);
        }
    }
}
