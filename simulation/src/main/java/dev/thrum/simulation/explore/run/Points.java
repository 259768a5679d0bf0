package dev.thrum.simulation.explore.run;

import static dev.thrum.simulation.explore.run.ExploredThread.GLOBAL;
import static dev.thrum.simulation.explore.run.ExploredThread.MONITOR_KEY;
import static dev.thrum.simulation.explore.run.ExploredThread.WRITE;

import dev.thrum.simulation.explore.code.Site;
import dev.thrum.simulation.explore.run.Waits.Wait;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What rewritten code calls before it accesses something that threads share. Public because that code is in other packages;
 * programs don't call it.
 *
 * <p>Each method that is a point returns when it is the calling thread's turn to make the access. Outside of an exploration
 * they do nothing.
 */
public final class Points {
    /** Ends of loops without a point in between, after which a thread is taken to go on for ever. */
    private static final long MOST_LOOPS = 10_000_000;

    /** Rounds of a loop that read the same things and change nothing, after which a thread waits for others. */
    private static final int SAME_ROUNDS = 3;

    private Points() {}

    /** An instance field is read. */
    public static void read(Object target, int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.self();
        if (machine != null && self != null) {
            self.reads = 31 * self.reads + site + 1;
            self.next(target, machine.sites.key(site), 0, site);
            machine.turn(self);
        }
    }

    /** An instance field is written. */
    public static void write(Object target, int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.self();
        if (machine != null && self != null) {
            self.wrote = true;
            self.next(target, machine.sites.key(site), WRITE, site);
            machine.turn(self);
        }
    }

    public static void readStatic(int site) {
        read(Statics.ALL, site);
    }

    public static void writeStatic(int site) {
        write(Statics.ALL, site);
    }

    /** Stands for the object that has the static fields of all classes: their keys tell them apart. */
    private static final class Statics {
        static final Object ALL = new Object();
    }

    public static void readElement(Object array, int index, int site) {
        element(array, index, 0, site);
    }

    public static void writeElement(Object array, int index, int site) {
        element(array, index, WRITE, site);
    }

    private static void element(Object array, int index, int flags, int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.self();
        if (machine != null && self != null && index >= 0) {
            self.reads = 31 * (31 * self.reads + site + 1) + index;
            self.wrote |= flags != 0;
            self.next(array, index, flags, site);
            machine.turn(self);
        }
    }

    /** A method of the JDK is called on an object, or uses it. */
    public static void call(@Nullable Object receiver, int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null || receiver == null ? null : machine.self();
        if (machine == null || receiver == null || self == null) {
            return;
        }
        boolean writes = machine.sites.writes(site);
        int flags = writes ? WRITE : 0;
        self.reads = 31 * self.reads + site + 1;
        self.wrote |= writes;
        switch (Receivers.of(receiver)) {
            case NOTHING -> {
                return;
            }
            case ITSELF -> self.next(receiver, Site.WHOLE, flags, site);
            case FUTURES -> self.next(RunState.FUTURES, Site.WHOLE, flags, site);
            case ORIGIN -> {
                Object origin = machine.state.origins.get(receiver);
                self.next(origin, Site.WHOLE, origin == null ? flags | GLOBAL : flags, site);
            }
            case MONITOR -> {
                Monitor monitor = machine.state.monitor(receiver);
                self.next(receiver, MONITOR_KEY, WRITE, site);
                self.needed = monitor;
                if (monitor.owner != self) {
                    self.need = Need.MONITOR;
                }
            }
        }
        machine.turn(self);
    }

    /** Any part of an object may be accessed, such as a field by a handle. */
    public static void whole(@Nullable Object object, int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.self();
        if (machine != null && self != null && object != null) {
            self.wrote |= machine.sites.writes(site);
            self.reads = 31 * self.reads + site + 1;
            self.next(object, Site.WHOLE, machine.sites.writes(site) ? WRITE : 0, site);
            machine.turn(self);
        }
    }

    /** Anything may be accessed. */
    public static void global(int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.self();
        if (machine != null && self != null) {
            self.wrote = true;
            self.next(null, Site.WHOLE, machine.sites.writes(site) ? GLOBAL | WRITE : GLOBAL, site);
            machine.turn(self);
        }
    }

    /** A call has returned an object that may be a view of its receiver. */
    public static void derived(@Nullable Object result, @Nullable Object receiver) {
        Machine machine = Machine.active;
        if (machine == null || result == null || receiver == null || machine.self() == null) {
            return;
        }
        if (Receivers.of(result) == Receivers.Touched.ORIGIN) {
            Object origin = machine.state.origins.get(receiver);
            if (origin == null && (Receivers.of(receiver) == Receivers.Touched.ITSELF || Receivers.isFixed(receiver))) {
                origin = receiver;
            }
            if (origin != null) {
                machine.state.origins.put(result, origin);
            }
        }
    }

    /** A {@code synchronized} block or method begins. */
    public static void enter(Object object, int site) {
        Objects.requireNonNull(object);
        Machine machine = Machine.active;
        if (machine != null) {
            Waits.enter(machine, object, site);
        }
    }

    /** A {@code synchronized} block or method ends. */
    public static void exit(Object object) {
        Machine machine = Machine.active;
        if (machine != null) {
            Waits.exit(machine, object);
        }
    }

    /** A loop goes into its next round. */
    public static void loop(int site) {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.running;
        if (machine == null || self == null || !self.isCurrent()) {
            return;
        }
        if (++self.loops > MOST_LOOPS) {
            machine.goesOnForEver(self, site);
        }
        if (self.reads == 0 && !self.wrote) {
            return;
        }
        if (self.wrote || self.reads != self.readsBefore) {
            self.sameRounds = 0;
        } else if (++self.sameRounds >= SAME_ROUNDS) {
            machine.state.spun = true;
            Waits.yieldTurn(machine, site);
        }
        self.readsBefore = self.reads;
        self.reads = 0;
        self.wrote = false;
    }

    /** A class initializer begins: its steps are no points, because it runs once and not in each run. */
    public static void quiet() {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.running;
        if (self != null && self.isCurrent()) {
            self.quiet++;
        }
    }

    /** A class initializer ends. */
    public static void loud() {
        Machine machine = Machine.active;
        ExploredThread self = machine == null ? null : machine.running;
        if (self != null && self.isCurrent()) {
            self.quiet--;
        }
    }

    static Wait until(int need, long deadline) {
        return new Wait(need, 0, deadline, true);
    }
}
