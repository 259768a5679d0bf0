package dev.thrum.base;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The named locks that one thread holds, in the order in which it has acquired them. Owned by that thread: only it calls
 * the methods of its object, except for {@link #isOfCaller}.
 *
 * <p>Recorded only while {@link LiveRecords} are kept. It keeps no thread alive: it knows the thread by its number.
 */
public final class HeldLocks {
    /**
     * Whether an exchange that keeps a lock fails ({@code -Dthrum.debug=true}). Read once, when the class is loaded: if it is
     * false, the JIT removes the check.
     */
    public static final boolean CHECKED = Boolean.getBoolean("thrum.debug");

    private static final int FEW = 4;

    private static final ThreadLocal<HeldLocks> OF_THREAD = ThreadLocal.withInitial(HeldLocks::new);

    private final long thread = Thread.currentThread().threadId();

    /** Those after the first {@link #count} are old, and are left: a thread often acquires the same lock next. */
    private @Nullable Object[] locks = new @Nullable Object[FEW];

    private int count;

    /** Whether several locks are being acquired in one step. */
    private boolean inStep;

    private HeldLocks() {}

    /** Those of the calling thread. */
    public static HeldLocks ofCaller() {
        return OF_THREAD.get();
    }

    /** The locks that the calling thread holds, as text; empty if there are none. */
    public static String textOfCaller() {
        HeldLocks held = ofCaller();
        return Arrays.stream(held.locks, 0, held.count).map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Whether these are the locks of the calling thread; any thread may ask. */
    public boolean isOfCaller() {
        return thread == Thread.currentThread().threadId();
    }

    /** How many locks the thread holds. */
    public int count() {
        return count;
    }

    /**
     * One of these locks.
     *
     * @param index 0 for the one that was acquired first
     */
    public Object get(int index) {
        return Objects.requireNonNull(locks[Objects.checkIndex(index, count)]);
    }

    /** Whether several locks are being acquired in one step. */
    public boolean isInStep() {
        return inStep;
    }

    /** Begins to acquire several locks in one step, until {@link #endStep}. Steps are not nested. */
    public void beginStep() {
        inStep = true;
    }

    public void endStep() {
        inStep = false;
    }

    /** Records that the thread has acquired this lock, which it did not hold. */
    @SuppressWarnings("ReferenceEquality") // The lock itself is meant.
    public void acquired(Object lock) {
        if (count == locks.length) {
            locks = Arrays.copyOf(locks, 2 * count);
        }
        // A write of a reference costs the garbage collector more than the comparison.
        if (locks[count] != lock) {
            locks[count] = lock;
        }
        count++;
    }

    /** Records that the thread holds this lock no longer. */
    @SuppressWarnings("ReferenceEquality") // The lock itself is meant.
    public void released(Object lock) {
        int at = count - 1;
        while (at >= 0 && locks[at] != lock) {
            at--;
        }
        if (at >= 0) {
            count--;
            if (at < count) {
                System.arraycopy(locks, at + 1, locks, at, count - at);
            }
        }
    }
}
