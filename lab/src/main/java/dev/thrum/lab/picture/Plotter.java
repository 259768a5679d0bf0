package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Cell;
import dev.thrum.lab.picture.Plot.Event;
import dev.thrum.lab.picture.Plot.Hand;
import dev.thrum.lab.picture.Plot.Kind;
import dev.thrum.lab.picture.Plot.Label;
import dev.thrum.simulation.explore.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plot of the explorer's steps. One step may be several events: what it does, the signals that it gives, the locks that it
 * gives back at its end, and the waits that begin because of it. Used by one thread, once.
 */
final class Plotter {
    /** The names of actors, as the explorer gives them. */
    private static final String ACTOR = "actor ";

    // Of a longer schedule only the beginning and the end are plotted.
    private static final int FIRST_STEPS = 30;
    private static final int LAST_STEPS = 90;

    private final List<Finding.Step> steps;
    private final List<String> threads;
    private final SharedThings things;
    private final Sentences say;
    private final Listing source;
    private final List<Event> events = new ArrayList<>();

    // How things are after the last event.
    private final List<Cell> cells = new ArrayList<>();
    private final List<Copies> copies = new ArrayList<>();
    private final SortedMap<Integer, Finding.Wait> waits = new TreeMap<>();
    private SortedMap<String, Integer> holders = new TreeMap<>();

    /** The number of the next step in the schedule. */
    private int next;

    private Plotter(List<Finding.Step> steps, Caption caption) {
        this.steps = shortened(steps);
        this.source = caption.source();
        this.threads = threads(this.steps, caption);
        this.things = SharedThings.of(this.steps);
        this.say = new Sentences(threads, things);
        things.rows().forEach(row -> cells.add(new Cell(row.start(), -1)));
        threads.forEach(_ -> copies.add(new Copies(things.rows())));
    }

    static Plot plot(Finding finding, Caption caption) {
        Plotter plotter = new Plotter(finding.steps(), caption);
        plotter.steps.forEach(plotter::add);
        return new Judge(finding, plotter.threads, plotter.things, plotter.events).plot(plotter.waits);
    }

    /** A plot of steps that lead to nothing wrong. */
    static Plot plot(List<Finding.Step> steps, Caption caption) {
        Plotter plotter = new Plotter(steps, caption);
        plotter.steps.forEach(plotter::add);
        return Judge.ofNothing(plotter.threads, plotter.things, plotter.events);
    }

    /** The beginning and the end of a schedule that is too long for a page. */
    private static List<Finding.Step> shortened(List<Finding.Step> steps) {
        if (steps.size() <= FIRST_STEPS + LAST_STEPS) {
            return steps;
        }
        List<Finding.Step> kept = new ArrayList<>(steps.subList(0, FIRST_STEPS));
        kept.addAll(steps.subList(steps.size() - LAST_STEPS, steps.size()));
        return kept;
    }

    private static List<String> threads(List<Finding.Step> steps, Caption caption) {
        SortedMap<Integer, String> named = new TreeMap<>();
        for (Finding.Step step : steps) {
            boolean actor = step.name().startsWith(ACTOR);
            named.put(step.thread(), actor ? caption.actor(step.thread()) : step.name());
            step.scene().waits().forEach(wait -> named.putIfAbsent(wait.thread(), "thread " + wait.thread()));
            step.scene().holders().values().forEach(holder -> named.putIfAbsent(holder, "thread " + holder));
        }
        List<String> threads = new ArrayList<>();
        int count = named.isEmpty() ? 0 : named.lastKey() + 1;
        for (int i = 0; i < count; i++) {
            threads.add(named.getOrDefault(i, caption.actor(i)));
        }
        return threads;
    }

    private void add(Finding.Step step) {
        leftOut(step);
        int from = events.size();
        SortedMap<String, Integer> before = holders;
        holders = step.scene().holders();
        List<String> taken = locks(step.thread(), holders, before);
        List<String> released = locks(step.thread(), before, holders);
        String subject = step.scene().subject();
        if (taken.remove(subject)) {
            hold(step, Kind.TAKE, subject);
        } else if (released.remove(subject)) {
            hold(step, Kind.RELEASE, subject);
        } else if (subject.isEmpty() && !released.isEmpty()) {
            hold(step, Kind.RELEASE, released.removeFirst());
        } else {
            access(step);
        }
        taken.forEach(lock -> hold(step, Kind.TAKE, lock));
        step.scene().signals().forEach(what -> signal(step, what));
        released.forEach(lock -> hold(step, Kind.RELEASE, lock));
        endWaits(step, from);
        beginWaits(step);
    }

    /** The explorer leaves steps out in the middle of a long schedule. */
    private void leftOut(Finding.Step step) {
        int missing = step.scene().number() - next;
        next = step.scene().number() + 1;
        if (missing > 0) {
            String what = String.format(Locale.ROOT, "%,d steps", missing);
            emit(step, Kind.OTHER, -1, new Label("then", what), "Then come " + what + " that are not shown.");
        }
    }

    /** The locks that a thread holds in the first and not in the second. */
    private static List<String> locks(int thread, Map<String, Integer> first, Map<String, Integer> second) {
        List<String> locks = new ArrayList<>();
        first.forEach((lock, holder) -> {
            if (holder == thread && !Objects.equals(second.get(lock), thread)) {
                locks.add(lock);
            }
        });
        return locks;
    }

    private void hold(Finding.Step step, Kind kind, String lock) {
        int thread = step.thread();
        boolean takes = kind == Kind.TAKE;
        int row = things.row(lock);
        if (row >= 0) {
            cells.set(row, new Cell("", takes ? thread : -1));
        }
        String name = things.name(lock);
        String sentence = takes ? say.takes(thread, name) : say.releases(thread, name);
        emit(step, kind, row, new Label(takes ? "takes" : "gives back", name), sentence);
    }

    private void access(Finding.Step step) {
        Finding.Scene scene = step.scene();
        int row = things.row(scene.subject());
        if (scene.subject().isEmpty() || scene.subject().equals(step.name())) {
            if (!step.operation().equals("loops") && !isSilent(step)) {
                emit(step, Kind.OTHER, -1, Sentences.label(step), say.does(step));
            }
            return;
        }
        if (things.isReference(step)) {
            return;
        }
        if (things.isLock(scene.subject())) {
            Label label = new Label(Sentences.method(step), things.name(scene.subject()));
            emit(step, Kind.OTHER, row, label, say.tries(step, holders.get(scene.subject())));
            return;
        }
        String name = things.name(scene.subject());
        boolean changes =
                scene.writes() && (scene.call().isEmpty() || !step.value().equals(scene.before()));
        if (changes) {
            write(step, row, name);
        } else {
            read(step, row, name);
        }
    }

    /** The code of an actor before its first access: nothing that another thread could notice. */
    private static boolean isSilent(Finding.Step step) {
        return step.operation().equals("begins") && step.name().startsWith(ACTOR);
    }

    private void read(Finding.Step step, int row, String name) {
        int thread = step.thread();
        if (row >= 0) {
            cells.set(row, new Cell(step.value(), cells.get(row).who()));
            copies.get(thread).read(row, step.value());
        }
        boolean field = step.scene().call().isEmpty();
        String sentence = say.reads(step, name, row >= 0 && othersHave(thread, row, step.value()));
        String first = field ? "reads " + name : Sentences.method(step) + " " + name;
        String value = step.value();
        Label label = value.isEmpty()
                ? new Label(first, "")
                : new Label(first, (field ? "copy = " : "is ") + value, first + (field ? " = " : ": ") + value);
        emit(step, Kind.READ, row, label, sentence);
    }

    private boolean othersHave(int thread, int row, String value) {
        for (int i = 0; i < copies.size(); i++) {
            if (i != thread && value.equals(copies.get(i).of(row))) {
                return true;
            }
        }
        return false;
    }

    private void write(Finding.Step step, int row, String name) {
        int thread = step.thread();
        String own = row < 0 ? null : copies.get(thread).of(row);
        int writer = row < 0 ? -1 : cells.get(row).who();
        boolean over = own != null && !own.equals(step.scene().before()) && writer >= 0 && writer != thread;
        String sentence = own != null && over
                ? say.overwrites(step, name, own, writer)
                : say.writes(step, name, row < 0 ? Map.of() : becomeStale(thread, row, step.value()));
        if (row >= 0) {
            cells.set(row, new Cell(step.value(), thread));
            copies.get(thread).drop(row);
            copies.forEach(one -> one.wrote(row, step.value()));
        }
        boolean field = step.scene().call().isEmpty();
        Label label = new Label(field ? "writes" : Sentences.method(step), name + " = " + step.value());
        emit(step, Kind.WRITE, row, label, sentence);
        if (over) {
            events.add(events.removeLast().asBad());
        }
    }

    /** The threads whose copy of a row gets out of date, with the copy. */
    private Map<Integer, String> becomeStale(int thread, int row, String value) {
        SortedMap<Integer, String> stale = new TreeMap<>();
        for (int i = 0; i < copies.size(); i++) {
            String copy = copies.get(i).of(row);
            if (i != thread && copy != null && !copies.get(i).isStale(row) && !copy.equals(value)) {
                stale.put(i, copy);
            }
        }
        return stale;
    }

    private void signal(Finding.Step step, String what) {
        int woken = -1;
        for (Finding.Wait wait : waits.values()) {
            boolean stillWaits = step.scene().waits().stream()
                    .anyMatch(
                            now -> now.thread() == wait.thread() && now.reason().equals(wait.reason()));
            if (Sentences.isForSignal(wait) && !stillWaits) {
                woken = wait.thread();
            }
        }
        Label label = new Label("signals", woken < 0 ? "nobody" : threads.get(woken));
        emit(step, Kind.SIGNAL, things.row(what), label, say.signals(step.thread(), things.name(what), woken));
        events.add(events.removeLast().withTo(woken));
    }

    /** Threads that can go on because of the step are no longer shown as waiting after its last event. */
    private void endWaits(Finding.Step step, int from) {
        boolean ended = waits.keySet()
                .removeIf(thread -> step.scene().waits().stream().noneMatch(wait -> wait.thread() == thread));
        if (ended && events.size() > from) {
            events.add(events.removeLast().withAfter(state()));
        }
    }

    private void beginWaits(Finding.Step step) {
        List<Finding.Wait> now = new ArrayList<>(step.scene().waits());
        now.sort(Comparator.comparing(wait -> wait.thread() != step.thread()));
        for (Finding.Wait wait : now) {
            Finding.Wait known = waits.get(wait.thread());
            if (Sentences.isTurn(wait) || (known != null && isSame(known, wait))) {
                continue;
            }
            waits.put(wait.thread(), wait);
            boolean onThread = Sentences.isForEnd(wait) && wait.holder() >= 0;
            events.add(new Event(
                    Kind.WAIT,
                    wait.thread(),
                    onThread ? -1 : things.row(wait.object()),
                    onThread ? wait.holder() : -1,
                    source.nearest(wait.places()),
                    say.waitLabel(wait),
                    say.waits(wait, waits),
                    Kind.WAIT.weight(),
                    false,
                    state()));
        }
    }

    private static boolean isSame(Finding.Wait one, Finding.Wait other) {
        return one.reason().equals(other.reason()) && one.object().equals(other.object());
    }

    private void emit(Finding.Step step, Kind kind, int row, Label label, String sentence) {
        String place = source.nearest(step.scene().places());
        events.add(new Event(kind, step.thread(), row, -1, place, label, sentence, kind.weight(), false, state()));
    }

    private Plot.State state() {
        List<Hand> hands = new ArrayList<>();
        for (int i = 0; i < copies.size(); i++) {
            Finding.Wait wait = waits.get(i);
            hands.add(copies.get(i).hand(wait == null ? "" : say.waitLabel(wait).text()));
        }
        return new Plot.State(cells, hands);
    }

    /** The copies that a thread has: values that it has read and not written since. */
    private static final class Copies {
        private final List<Plot.Row> rows;
        private final @Nullable String[] values;
        private final boolean[] stale;
        private int latest = -1;

        Copies(List<Plot.Row> rows) {
            this.rows = rows;
            this.values = new @Nullable String[rows.size()];
            this.stale = new boolean[rows.size()];
        }

        @Nullable
        String of(int row) {
            return values[row];
        }

        boolean isStale(int row) {
            return stale[row];
        }

        void read(int row, String value) {
            values[row] = value.isEmpty() ? null : value;
            stale[row] = false;
            latest = row;
        }

        void drop(int row) {
            values[row] = null;
            stale[row] = false;
        }

        void wrote(int row, String value) {
            String copy = values[row];
            stale[row] = copy != null && !copy.equals(value);
        }

        /** The copy that matters most: one that is out of date, otherwise the latest. */
        Hand hand(String waits) {
            int shown = latest;
            for (int i = 0; i < stale.length; i++) {
                shown = stale[i] && (shown < 0 || !stale[shown]) ? i : shown;
            }
            String value = shown < 0 ? null : values[shown];
            if (value == null) {
                return new Hand("", false, waits);
            }
            return new Hand(rows.get(shown).name() + " = " + value, stale[shown], waits);
        }
    }
}
