package dev.thrum.base;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The named locks that each thread holds, recorded only with {@code -Dthrum.debug=true}: to report a lock that is still
 * held when its thread goes on to serve another client.
 */
public final class HeldLocks {
    /** Read once, when the class is loaded: if it is false, the JIT removes the records. */
    public static final boolean RECORDED = Boolean.getBoolean("thrum.debug");

    /** By identity: locks don't redefine equality. */
    private static final ThreadLocal<Set<Object>> HELD = new ThreadLocal<>();

    private HeldLocks() {}

    /** Records that the calling thread has taken this lock. */
    public static void taken(Object lock) {
        Set<Object> held = HELD.get();
        if (held == null) {
            held = new LinkedHashSet<>();
            HELD.set(held);
        }
        held.add(lock);
    }

    /** Records that the calling thread does not hold this lock any more. */
    public static void released(Object lock) {
        Set<Object> held = HELD.get();
        if (held != null) {
            held.remove(lock);
            if (held.isEmpty()) {
                HELD.remove();
            }
        }
    }

    /** The locks that the calling thread holds, as text; empty if there are none. */
    public static String ofCurrentThread() {
        Set<Object> held = HELD.get();
        return held == null ? "" : held.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
