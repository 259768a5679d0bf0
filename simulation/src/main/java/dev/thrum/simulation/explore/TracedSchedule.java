package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.code.Site;
import dev.thrum.simulation.explore.run.ExploredThread;
import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;
import dev.thrum.simulation.explore.search.FixedSchedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one schedule and writes down what happens. A value is looked up right after its step, when nothing else has run yet. Owned
 * by the thread that explores.
 */
final class TracedSchedule implements Strategy {
    /** More steps than this are left out in the middle. */
    private static final int MOST_STEPS = 200;

    private static final int SHOWN_OF_CYCLE = 12;

    private final FixedSchedule schedule;
    private final Supplier<Object> program;
    private final List<Finding.Step> steps = new ArrayList<>();
    private @Nullable Object lastObject;
    private String lastField = "";
    private int lastIndex = -1;
    private @Nullable Names names;

    /** Where the threads stand, by number. */
    private final Map<Integer, List<String>> places = new HashMap<>();

    /** Whether the last step has what is known only after it. */
    private boolean finished = true;

    private String waiting = "";
    private boolean held;

    TracedSchedule(int[] threads, Supplier<Object> program) {
        this.schedule = new FixedSchedule(threads);
        this.program = program;
    }

    @Override
    public int choose(Machine machine, long enabled, int runner) {
        if (runner >= 0) {
            // The thread that has just come to its next step is choosing, on its own stack.
            places.put(runner, machine.thread(runner).places());
        }
        finishStep(machine);
        int chosen = schedule.choose(machine, enabled, runner);
        if (chosen != GIVE_UP) {
            finished = false;
            begin(machine, machine.thread(chosen));
        }
        return chosen;
    }

    private void begin(Machine machine, ExploredThread thread) {
        if (names == null) {
            names = new Names(program.get());
        }
        lastObject = null;
        int number = machine.depth();
        if (thread.site() < 0) {
            String place = thread.last() < 0 ? "" : thread.place();
            String operation = thread.last() < 0 ? "begins" : "goes on";
            Finding.Scene scene = scene(number, "", "", false, "", placesOf(thread, place));
            steps.add(new Finding.Step(thread.number(), StableText.of(thread.name()), place, operation, "", "", scene));
            return;
        }
        Site site = machine.sites().get(thread.site());
        Object object = thread.object();
        lastObject = object;
        lastField = site.key() == Site.WHOLE
                ? ""
                : site.what().substring(site.what().lastIndexOf('.') + 1);
        lastIndex = site.what().equals("element") ? thread.key() : -1;
        Finding.Scene scene = scene(
                number,
                names.subject(object, site, thread.key()),
                site.operation().equals("calls") ? site.what() : "",
                site.access() == Site.Access.WRITE,
                object == null ? "" : Names.value(object, lastField, lastIndex),
                placesOf(thread, site.place()));
        steps.add(new Finding.Step(
                thread.number(),
                StableText.of(thread.name()),
                site.place(),
                site.operation(),
                names.of(object, site, thread.key()),
                "",
                scene));
    }

    /** The scene before the step: who holds what and who waits is not known yet. */
    private static Finding.Scene scene(
            int number, String subject, String call, boolean writes, String before, List<String> places) {
        return new Finding.Scene(
                number, subject, call, writes, before, places, Collections.emptySortedMap(), List.of(), List.of());
    }

    private List<String> placesOf(ExploredThread thread, String place) {
        List<String> known = places.getOrDefault(thread.number(), List.of());
        return known.isEmpty() && !place.isEmpty() ? List.of(place) : known;
    }

    private void finishStep(Machine machine) {
        if (finished || steps.isEmpty() || names == null) {
            return;
        }
        finished = true;
        Finding.Step step = steps.removeLast();
        Finding.Scene scene = step.scene();
        String value = lastObject == null ? "" : Names.value(lastObject, lastField, lastIndex);
        lastObject = null;
        SortedMap<String, Integer> holders = new TreeMap<>();
        Names named = names;
        machine.state().held().forEach((object, holder) -> holders.put(named.name(object, ""), holder.number()));
        List<String> signals = machine.state().takeSignals().stream()
                .map(object -> named.name(object, ""))
                .toList();
        Finding.Scene after = new Finding.Scene(
                scene.number(),
                scene.subject(),
                scene.call(),
                scene.writes(),
                scene.before(),
                scene.places(),
                holders,
                waits(machine, named),
                signals);
        steps.add(new Finding.Step(
                step.thread(), step.name(), step.place(), step.operation(), step.object(), value, after));
        if (steps.size() > MOST_STEPS) {
            steps.remove(MOST_STEPS / 2);
        }
    }

    private List<Finding.Wait> waits(Machine machine, Names named) {
        List<Finding.Wait> waits = new ArrayList<>();
        for (int i = 0; i < machine.threadCount(); i++) {
            ExploredThread thread = machine.thread(i);
            if (thread.ended() || machine.isMet(thread)) {
                continue;
            }
            ExploredThread holder = thread.wantsSignal() ? null : machine.holder(thread);
            Site site = thread.site() < 0 ? null : machine.sites().get(thread.site());
            waits.add(new Finding.Wait(
                    i,
                    thread.wants(),
                    site == null ? "" : named.subject(thread.object(), site, thread.key()),
                    holder == null ? -1 : holder.number(),
                    placesOf(thread, site == null ? "" : site.place())));
        }
        return waits;
    }

    @Override
    public void ended(Machine machine) {
        for (int i = 0; i < machine.threadCount(); i++) {
            places.put(i, machine.thread(i).places());
        }
        finishStep(machine);
        schedule.ended(machine);
        List<String> waits = new ArrayList<>();
        for (int i = 0; i < machine.threadCount(); i++) {
            ExploredThread thread = machine.thread(i);
            if (machine.stuck(thread)) {
                waits.add(describe(machine, thread));
            }
        }
        waiting = String.join("; ", waits);
    }

    private String describe(Machine machine, ExploredThread thread) {
        String wants = thread.wants();
        StringBuilder text =
                new StringBuilder(thread.name()).append(" waits for ").append(wants);
        if (thread.site() >= 0 && names != null) {
            Site site = machine.sites().get(thread.site());
            String object = names.of(thread.object(), site, thread.key());
            text.append(object.isEmpty() ? "" : " of " + object).append(" at ").append(site.place());
        }
        ExploredThread holder = thread.wantsSignal() ? null : machine.holder(thread);
        if (holder != null && (machine.stuck(holder) || (holder.ended() && thread.wantsLock()))) {
            held |= !thread.wantsEnd() || isInCycle(machine, thread);
            text.append(", held by ").append(holder == thread ? "itself" : holder.name());
            text.append(holder.ended() ? ", which has ended" : "");
        }
        return text.toString();
    }

    /** Whether a thread waits, over others or not, for itself. */
    private static boolean isInCycle(Machine machine, ExploredThread thread) {
        ExploredThread next = machine.holder(thread);
        for (int i = 0; next != null && next != thread && i < machine.threadCount(); i++) {
            next = machine.stuck(next) ? machine.holder(next) : null;
        }
        return next == thread;
    }

    @Override
    public boolean advance() {
        return false;
    }

    /** The first step that the program could not take, -1 if it could take all. */
    int impossible() {
        return schedule.impossible();
    }

    List<Finding.Step> steps() {
        return steps;
    }

    /** Which threads wait for what, held by whom. */
    String waiting() {
        return waiting;
    }

    /** What it is when threads are stuck. */
    Finding.Kind kindOfWait() {
        return held ? Finding.Kind.DEADLOCK : Finding.Kind.MISSED_WAKE_UP;
    }

    /** The steps that repeat at the end of a schedule that goes on for ever. */
    String cycle() {
        Set<String> last = new LinkedHashSet<>();
        for (int i = Math.max(0, steps.size() - SHOWN_OF_CYCLE); i < steps.size(); i++) {
            Finding.Step step = steps.get(i);
            last.add(step.name() + " at " + step.place() + " " + step.operation() + " " + step.object());
        }
        return String.join("; ", last);
    }
}
