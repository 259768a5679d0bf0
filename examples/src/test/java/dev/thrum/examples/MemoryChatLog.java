package dev.thrum.examples;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.services.ChatLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log that chats in one program share, in memory. */
final class MemoryChatLog {
    private final ReentrantLock lock = new ReentrantLock();

    /** Runs what the other servers do with a new entry: now or later. */
    private final Consumer<Runnable> later;

    @GuardedBy("lock")
    private final List<Entry> entries = new ArrayList<>();

    @GuardedBy("lock")
    private final List<OneServer> servers = new ArrayList<>();

    /** An event; one without text says that its server has ended. */
    private record Entry(long server, String event) {}

    MemoryChatLog(Consumer<Runnable> later) {
        this.later = later;
    }

    /** The log as one more server sees it. */
    ChatLog server() {
        lock.lock();
        try {
            OneServer added = new OneServer(servers.size() + 1L);
            servers.add(added);
            return added;
        } finally {
            lock.unlock();
        }
    }

    /** The server with this number, from 1, has ended, and the others notice it. */
    void end(long server) {
        add(new Entry(server, "")).forEach(OneServer::tell);
    }

    /** Adds an entry; returns the servers that it is for. */
    private List<OneServer> add(Entry entry) {
        lock.lock();
        try {
            entries.add(entry);
            return List.copyOf(servers);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Entry entry(int number) {
        lock.lock();
        try {
            return number < entries.size() ? entries.get(number) : null;
        } finally {
            lock.unlock();
        }
    }

    private final class OneServer implements ChatLog {
        private final long number;

        /** Held while an entry is applied, so they are applied in order. */
        private final ReentrantLock applying = new ReentrantLock();

        @GuardedBy("applying")
        private int applied;

        private @Nullable Replica replica;

        OneServer(long number) {
            this.number = number;
        }

        @Override
        public void follow(Replica copy) {
            replica = copy;
            copy.restore("");
            catchUp();
        }

        @Override
        public Outcome append(String event) {
            List<OneServer> all = add(new Entry(number, event));
            catchUp();
            all.stream().filter(server -> server.number != number).forEach(OneServer::tell);
            return Outcome.DONE;
        }

        @Override
        public void appendLast(String event) {
            Outcome _ = append(event);
        }

        private void tell() {
            later.accept(this::catchUp);
        }

        private void catchUp() {
            applying.lock();
            try {
                Replica copy = Objects.requireNonNull(replica);
                for (Entry next = entry(applied); next != null; next = entry(applied)) {
                    applied++;
                    if (next.event().isEmpty()) {
                        copy.gone(next.server());
                    } else {
                        copy.apply(next.server(), next.server() == number, next.event());
                    }
                }
            } finally {
                applying.unlock();
            }
        }
    }
}
