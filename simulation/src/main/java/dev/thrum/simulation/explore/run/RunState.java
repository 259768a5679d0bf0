package dev.thrum.simulation.explore.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has made and what has happened in it. Owned like the machine. */
// An object of the program is meant, not one that is equal to it.
@SuppressWarnings("ReferenceEquality")
public final class RunState {
    /** The place of all futures: one completes others, so none can be told from the rest. */
    static final Object FUTURES = new Object();

    final List<Monitor> monitors = new ArrayList<>();
    final List<ConditionQueue> conditions = new ArrayList<>();

    /** What views and iterators were made from. */
    final IdentityHashMap<Object, Object> origins = new IdentityHashMap<>();

    /** Virtual threads that run instead of platform threads, before they have a number. */
    final Map<Thread, Thread> standIns = new HashMap<>();

    /** The lock that a read lock or a write lock is part of. */
    final IdentityHashMap<Object, Object> wholeLocks = new IdentityHashMap<>();

    /** Who has acquired locks and permits; only while {@link #tracing}. */
    final IdentityHashMap<Object, ExploredThread> holders = new IdentityHashMap<>();

    /** Conditions and objects that were signalled since the last {@link #takeSignals}; only while {@link #tracing}. */
    private final List<Object> signals = new ArrayList<>();

    /** Whether it is noted who holds what, for a message. */
    boolean tracing;

    /** Whether a loop was left to others because it only reads; not cleared by the next run. */
    boolean spun;

    int preemptions;

    @Nullable
    Throwable uncaught;

    @Nullable
    ExploredThread thrower;

    /** Why the exploration can't go on; not cleared by the next run. A thread that is not scheduled may write it. */
    volatile @Nullable String problem;

    void reset() {
        monitors.clear();
        conditions.clear();
        clear(origins);
        clear(standIns);
        clear(wholeLocks);
        clear(holders);
        signals.clear();
        preemptions = 0;
        uncaught = null;
        thrower = null;
    }

    /** Notes who holds something. */
    void holds(Object what, @Nullable ExploredThread holder) {
        if (!tracing) {
            return;
        }
        if (holder == null) {
            holders.remove(what);
        } else {
            holders.put(what, holder);
        }
    }

    /** Notes a signal, whether a thread waits for it or not. */
    void signals(Object what) {
        if (tracing) {
            signals.add(what);
        }
    }

    /** The conditions and monitors that were signalled since the last call, in order. */
    public List<Object> takeSignals() {
        List<Object> taken = List.copyOf(signals);
        signals.clear();
        return taken;
    }

    /** Who holds which lock, monitor or permit now; only while tracing. */
    public IdentityHashMap<Object, ExploredThread> held() {
        IdentityHashMap<Object, ExploredThread> held = new IdentityHashMap<>(holders);
        for (Monitor monitor : monitors) {
            if (monitor.owner != null) {
                held.put(monitor.of, monitor.owner);
            }
        }
        return held;
    }

    public void trace() {
        tracing = true;
    }

    public boolean spun() {
        return spun;
    }

    private static void clear(Map<?, ?> map) {
        if (!map.isEmpty()) {
            map.clear();
        }
    }

    /** Notes why the exploration can't go on; returns an exception to throw where a thread must not go on. */
    Error problem(String what) {
        if (problem == null) {
            problem = what;
        }
        return Unwind.NOW;
    }

    public @Nullable String problem() {
        return problem;
    }

    public int preemptions() {
        return preemptions;
    }

    /** The first exception that a thread did not catch. */
    public @Nullable Throwable uncaught() {
        return uncaught;
    }

    public @Nullable ExploredThread thrower() {
        return thrower;
    }

    Monitor monitor(Object of) {
        for (int i = 0; i < monitors.size(); i++) {
            if (monitors.get(i).of == of) {
                return monitors.get(i);
            }
        }
        Monitor made = new Monitor(of);
        monitors.add(made);
        return made;
    }

    /** The monitor of an object, if it was ever used. */
    @Nullable
    Monitor monitorOrNull(Object of) {
        for (int i = 0; i < monitors.size(); i++) {
            if (monitors.get(i).of == of) {
                return monitors.get(i);
            }
        }
        return null;
    }

    @Nullable
    ConditionQueue condition(Object of) {
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).condition == of) {
                return conditions.get(i);
            }
        }
        return null;
    }
}
