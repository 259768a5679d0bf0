package dev.thrum.engine;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A set of connections that get the same messages: the clients of a chat room, the subscribers of a topic. A member is a
 * connection, or whatever a program knows its clients by, such as a session. It leaves by itself when its conversation
 * ends.
 *
 * <p>Members are iterated in the order in which they joined, without a lock: a member that joins or leaves meanwhile may
 * be missed or seen. So two threads that broadcast at the same time may reach two members in different orders; a program
 * that needs one order for all holds a lock of its own while it broadcasts, which never waits.
 *
 * <p>A member that is slow, has ended or whose connection is broken delays no other member: each has its own
 * {@link Outbox}. Safe for concurrent use.
 */
public final class Group<M> implements Iterable<M> {
    private final Function<? super M, Connection> connectionOf;

    /** The members by their connection, of which each is in the group at most once. */
    private final ConcurrentHashMap<Connection, Member> members = new ConcurrentHashMap<>();

    /** The same in the order in which they joined. */
    private final ConcurrentSkipListMap<Long, Member> inOrder = new ConcurrentSkipListMap<>();

    private final AtomicLong joined = new AtomicLong();

    private final class Member implements Runnable {
        private final M member;
        private final Connection connection;
        private final long number = joined.incrementAndGet();

        Member(M member, Connection connection) {
            this.member = member;
            this.connection = connection;
        }

        /** Its conversation has ended. */
        @Override
        public void run() {
            boolean _ = remove(this);
        }
    }

    /** Creates an empty group of members whose connections this function returns, always the same one for a member. */
    public Group(Function<? super M, Connection> connectionOf) {
        this.connectionOf = connectionOf;
    }

    /** An empty group of connections. */
    public static Group<Connection> ofConnections() {
        return new Group<>(Function.identity());
    }

    /**
     * Adds a member, the last in order.
     *
     * @return false if it is a member already, or its conversation has ended
     */
    public boolean join(M member) {
        Member added = new Member(member, connectionOf.apply(member));
        if (members.putIfAbsent(added.connection, added) != null) {
            return false;
        }
        inOrder.put(added.number, added);
        if (!added.connection.life().atEnd(added)) {
            boolean _ = remove(added);
            return false;
        }
        if (!added.equals(members.get(added.connection))) {
            // It left between these steps.
            inOrder.remove(added.number);
        }
        return true;
    }

    /** Removes a member; returns whether it was one. */
    public boolean leave(M member) {
        Member known = members.get(connectionOf.apply(member));
        if (known == null || !remove(known)) {
            return false;
        }
        known.connection.life().notAtEnd(known);
        return true;
    }

    private boolean remove(Member member) {
        boolean removed = members.remove(member.connection, member);
        inOrder.remove(member.number);
        return removed;
    }

    public boolean contains(M member) {
        return members.containsKey(connectionOf.apply(member));
    }

    public int size() {
        return inOrder.size();
    }

    /**
     * Offers a message to each member; never waits.
     *
     * @param message the bytes, which all members share: don't change them afterwards
     * @return how many members will get it: those whose {@link Outbox} has accepted it
     * @throws IllegalArgumentException if it is larger than the outbox of a member may be; the other members get it
     */
    public int broadcast(byte[] message) {
        return broadcastExcept(null, message);
    }

    /** Offers a message to each member but this one, like {@link #broadcast}. */
    public int broadcastExcept(@Nullable M member, byte[] message) {
        Connection except = member == null ? null : connectionOf.apply(member);
        int accepted = 0;
        IllegalArgumentException tooLarge = null;
        for (Member each : inOrder.values()) {
            if (each.connection.equals(except)) {
                continue;
            }
            try {
                if (each.connection.outbox().offer(message) == Outbox.Outcome.ACCEPTED) {
                    accepted++;
                }
            } catch (IllegalArgumentException e) {
                tooLarge = e;
            }
        }
        if (tooLarge != null) {
            throw tooLarge;
        }
        return accepted;
    }

    /** The members in the order in which they joined. */
    @Override
    public Iterator<M> iterator() {
        Iterator<Member> all = inOrder.values().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public M next() {
                return all.next().member;
            }
        };
    }
}
