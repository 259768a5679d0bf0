package dev.thrum.services.data;

import dev.thrum.base.Clock;
import dev.thrum.base.FaultReports;
import dev.thrum.base.Threads;
import dev.thrum.database.Database;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.Notifications;
import dev.thrum.services.ChatLog;
import dev.thrum.services.web.StoreFaults;
import dev.thrum.store.ChatEntries;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The log of a chat in a PostgreSQL database. A thread listens on a connection of its own and applies what it hears; after
 * that connection was lost it reads what it has missed from the table.
 *
 * <p>A server that has not beaten for {@link Timing#lease} is removed by any other one. The time is measured by the clock of
 * the server that watches, and only while that one reaches the database; no two clocks are compared.
 */
final class SharedChat implements ChatLog {
    private static final System.Logger LOG = System.getLogger("dev.thrum.chat");

    /** The state is saved after so many entries, by the server that has appended the last of them. */
    private static final int PER_STATE = 1_000;

    /** How many entries before the saved state are kept, for servers that have lost their connection. */
    private static final int KEPT = 10_000;

    private static final int AT_ONCE = 500;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration ASKING = Duration.ofSeconds(2);
    private static final Duration LAST_EVENT = Duration.ofSeconds(5);
    private static final String GONE = "gone ";

    private final Database database;
    private final ChatEntries entries;
    private final ChatSender sender;
    private final Timing timing;
    private final Clock clock = Clock.system();
    private final FaultReports faults = new FaultReports(LOG);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Virtual: the outboxes of the engine {@code virtual} begin to be sent for less from a carrier thread than from another. */
    private final Thread thread = Thread.ofVirtual().name("thrum-chat").unstarted(this::run);

    /** Set once, by {@link #follow}. */
    private volatile @Nullable Replica replica;

    /** What the thread waits for; null before it listens. */
    private volatile @Nullable Notifications listening;

    // Owned by the thread, and before it is started by the one that calls follow.
    /** The number of the last entry that was applied. */
    private long applied;

    /** Whether the last try to listen has failed. */
    private boolean away;

    /** The other servers, as they were seen last, and when they were first seen like this. */
    private final Map<Long, Sighting> seen = new HashMap<>();

    private record Sighting(ChatEntries.Server server, long since) {}

    /**
     * How a server that has ended is noticed.
     *
     * @param beat the time between two signs of life
     * @param lease after this time without one, a server is removed: at most two beats later
     */
    record Timing(Duration beat, Duration lease) {
        static Timing defaults() {
            return new Timing(Duration.ofSeconds(5), Duration.ofSeconds(20));
        }
    }

    /** The log does not have the next entry any more, or this server was removed from it. */
    private static final class CutOffException extends Exception {
        private static final long serialVersionUID = 1L;

        CutOffException(String why) {
            super(why);
        }
    }

    SharedChat(Database database, Timing timing) {
        this.database = database;
        this.entries = new ChatEntries(database);
        this.sender = new ChatSender(entries);
        this.timing = timing;
    }

    @Override
    public void follow(Replica copy) {
        replica = copy;
        try {
            begin(copy);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(DatabaseException.Reason.CLOSED, "interrupted at the start of the chat", e);
        }
        thread.start();
    }

    @Override
    public Outcome append(String event) throws InterruptedException {
        try {
            return sender.add(event, false).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected an event to be applied or refused", e);
        }
    }

    @Override
    public void appendLast(String event) {
        settled(sender.add(event, true), LAST_EVENT);
    }

    /** Waits for the end of something that goes on in any case, at most this long. */
    private static void settled(Future<?> future, Duration patience) {
        try {
            Object _ = future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "the log of the chat has not answered in time", e);
        }
    }

    /** Becomes a server of the chat, with the state that was saved last. */
    private void begin(Replica copy) throws InterruptedException {
        long server = StoreFaults.await(entries.addServer());
        ChatEntries.Entry state = StoreFaults.await(entries.state());
        copy.restore(state.text());
        applied = state.number();
        sender.begin(server);
    }

    private void run() {
        Replica copy = replica;
        while (copy != null && stopped.getCount() > 0) {
            try {
                if (sender.server() == 0) {
                    begin(copy);
                }
                listen(copy);
            } catch (CutOffException e) {
                if (stopped.getCount() == 0) {
                    return; // it has removed itself
                }
                LOG.log(Level.WARNING, "the clients of the chat are disconnected: " + e.getMessage());
                sender.cutOff();
                copy.cutOff();
            } catch (DatabaseException e) {
                LOG.log(Level.DEBUG, "the chat tries to reach its database again", e);
                seen.clear();
                if (away) {
                    sender.away();
                }
                away = true; // a connection that was lost is no reason to tell anybody if another one is made
                pause();
            } catch (RuntimeException e) {
                faults.failed("the log of the chat met what it did not expect", e);
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pause() {
        try {
            boolean _ = stopped.await(AGAIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(Replica copy) throws CutOffException, InterruptedException {
        try (Notifications notifications = database.listen(ChatEntries.CHANNEL)) {
            listening = notifications;
            catchUp(copy);
            away = false;
            long nextBeat = clock.nanoTime();
            while (stopped.getCount() > 0) {
                long left = nextBeat - clock.nanoTime();
                if (left <= 0) {
                    beat(copy, notifications);
                    left = timing.beat().toNanos();
                    nextBeat = clock.nanoTime() + left;
                }
                for (String told : notifications.await(Duration.ofNanos(Math.min(left, AGAIN.toNanos())))) {
                    hear(copy, told);
                }
                sender.retry();
            }
        }
    }

    /** Applies an entry that was told, and those before it that were not. */
    private void hear(Replica copy, String told) throws CutOffException, InterruptedException {
        int end = told.indexOf(' ');
        long number = Long.parseLong(told.substring(0, end));
        if (number == applied + 1) {
            apply(copy, number, told.substring(end + 1));
        } else if (number > applied) {
            catchUp(copy);
        }
    }

    private void catchUp(Replica copy) throws CutOffException, InterruptedException {
        List<ChatEntries.Entry> missed;
        do {
            missed = StoreFaults.await(entries.after(applied, AT_ONCE));
            for (ChatEntries.Entry entry : missed) {
                if (entry.number() != applied + 1) {
                    throw new CutOffException("it could not reach the database for so long that lines are missing");
                }
                apply(copy, entry.number(), entry.text());
            }
        } while (missed.size() == AT_ONCE);
    }

    private void apply(Replica copy, long number, String entry) throws CutOffException {
        applied = number;
        long own = sender.server();
        if (entry.startsWith(GONE)) {
            long server = Long.parseLong(entry.substring(GONE.length()));
            if (server == own) {
                throw new CutOffException("the others have not heard from this server for "
                        + timing.lease().toSeconds() + " s");
            }
            copy.gone(server);
            return;
        }
        String[] lines = entry.split("\n", 0);
        String[] header = lines[0].split(" ", 0);
        long server = Long.parseLong(header[0]);
        List<ChatSender.Event> events = server == own ? sender.brought(Long.parseLong(header[1])) : List.of();
        for (int i = 1; i < lines.length; i++) {
            applyEvent(copy, server, lines[i]);
            if (!events.isEmpty()) {
                events.get(i - 1).done().complete(Outcome.DONE);
            }
        }
        if (server == own && number % PER_STATE == 0) {
            var _ = entries.save(new ChatEntries.Entry(number, copy.state()), KEPT);
        }
    }

    /** A defect must not stop the chat: all servers apply the same events, so it hits all of them in the same way. */
    private void applyEvent(Replica copy, long server, String event) {
        try {
            copy.apply(server, server == sender.server(), event);
            faults.worked(() -> "events of the chat can be applied again");
        } catch (RuntimeException e) {
            faults.failed("an event of the chat could not be applied: " + event, e);
        }
    }

    private void beat(Replica copy, Notifications notifications) throws CutOffException, InterruptedException {
        int known = StoreFaults.await(entries.beat(sender.server()));
        List<ChatEntries.Server> servers = StoreFaults.await(entries.servers());
        catchUp(copy);
        if (known == 0) {
            throw new CutOffException("this server was removed from the chat");
        }
        if (!notifications.isAlive(ASKING)) {
            throw new DatabaseException(
                    DatabaseException.Reason.UNAVAILABLE, "the connection that listens was lost", null);
        }
        watch(servers);
    }

    private void watch(List<ChatEntries.Server> servers) throws InterruptedException {
        Map<Long, Sighting> before = Map.copyOf(seen);
        seen.clear();
        long now = clock.nanoTime();
        for (ChatEntries.Server server : servers) {
            Sighting known = before.get(server.id());
            if (known == null || known.server().beat() != server.beat()) {
                seen.put(server.id(), new Sighting(server, now));
            } else if (now - known.since() < timing.lease().toNanos()) {
                seen.put(server.id(), known);
            } else if (StoreFaults.await(entries.remove(server, GONE + server.id())) > 0) {
                LOG.log(
                        Level.WARNING,
                        "a server of the chat has not been heard of for "
                                + timing.lease().toSeconds() + " s: its clients leave");
            }
        }
    }

    /** Lets the clients of this server leave, as far as the database answers within this time. Any thread may call it. */
    void leave(Duration patience) {
        long server = sender.server();
        if (server != 0) {
            settled(entries.remove(server, GONE + server), patience);
        }
    }

    /** Appends what waits, leaves, and ends. */
    void close(Duration patience) {
        long end = clock.nanoTime() + patience.toNanos();
        try {
            sender.close(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stopped.countDown();
        leave(Duration.ofNanos(Math.max(0, end - clock.nanoTime())));
        Notifications open = listening;
        if (open != null) {
            open.close();
        }
        if (thread.isAlive()) {
            thread.interrupt();
            boolean _ = Threads.joinUninterruptibly(thread, ASKING);
        }
    }
}
