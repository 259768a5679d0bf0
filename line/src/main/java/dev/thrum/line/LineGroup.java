package dev.thrum.line;

import dev.thrum.engine.Group;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A set of sessions that get the same lines: a {@link Group} that encodes each line once. A session leaves by itself when
 * its conversation ends. Safe for concurrent use; see {@link Group} for the order of lines and of members.
 */
public final class LineGroup implements Iterable<LineSession> {
    private final LineFormat format;
    private final Group<LineSession> sessions = new Group<>(LineSession::connection);

    /** Creates an empty group, of sessions that use this format. */
    public LineGroup(LineFormat format) {
        this.format = format;
    }

    /**
     * Adds a session, the last in order.
     *
     * @return false if it is in the group already, or its conversation has ended
     */
    public boolean join(LineSession session) {
        return sessions.join(session);
    }

    /** Removes a session; returns whether it was in the group. */
    public boolean leave(LineSession session) {
        return sessions.leave(session);
    }

    public boolean contains(LineSession session) {
        return sessions.contains(session);
    }

    public int size() {
        return sessions.size();
    }

    /** Sends a line to each session, as {@link LineSession#offer} does; returns how many will get it. Never waits. */
    public int broadcast(String line) {
        return broadcastExcept(null, line);
    }

    /** Sends a line to each session but this one, like {@link #broadcast}. */
    public int broadcastExcept(@Nullable LineSession session, String line) {
        return sessions.broadcastExcept(session, format.encode(line));
    }

    /** The sessions in the order in which they joined. */
    @Override
    public Iterator<LineSession> iterator() {
        return sessions.iterator();
    }
}
