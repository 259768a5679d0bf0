package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Row;
import dev.thrum.simulation.explore.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the threads of a plot share: which things get a row, and how they are called. */
final class SharedThings {
    /** More rows than this can't be taken in. */
    private static final int MOST_ROWS = 6;

    private final Map<String, Use> uses = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    /** How something is used. */
    private static final class Use {
        private final Set<Integer> threads = new HashSet<>();
        private boolean changes;
        private boolean lock;
        private boolean called;
        private boolean isStarted;
        private String start = "";

        /** Locks and what is changed and used by several threads come first; elements of an array that only one uses come last. */
        int rank(String name) {
            if ((changes || lock) && threads.size() > 1) {
                return lock ? 0 : 1;
            }
            return (changes || lock) && !name.endsWith("]") ? 2 : 3;
        }
    }

    private SharedThings() {}

    static SharedThings of(List<Finding.Step> steps) {
        SharedThings things = new SharedThings();
        steps.forEach(things::addObjects);
        steps.forEach(things::addAccess);
        things.nameAll();
        things.number();
        return things;
    }

    /** What threads call, hold, wait for or signal. */
    private void addObjects(Finding.Step step) {
        Finding.Scene scene = step.scene();
        if (isThing(step) && !scene.call().isEmpty()) {
            use(scene.subject(), step.thread()).called = true;
        }
        scene.holders().forEach((lock, holder) -> use(lock, holder).lock = true);
        scene.signals().forEach(what -> use(what, step.thread()));
        for (Finding.Wait wait : scene.waits()) {
            if (!wait.object().isEmpty()
                    && !Sentences.isForEnd(wait)
                    && !wait.object().equals(step.name())) {
                Use use = use(wait.object(), wait.thread());
                use.lock |= wait.holder() >= 0;
            }
        }
    }

    private void addAccess(Finding.Step step) {
        if (isThing(step) && !isReference(step)) {
            Finding.Scene scene = step.scene();
            Use use = use(scene.subject(), step.thread());
            use.changes |= !step.value().equals(scene.before())
                    || (scene.writes() && scene.call().isEmpty());
            use.start = use.isStarted ? use.start : scene.before();
            use.isStarted = true;
        }
    }

    private static boolean isThing(Finding.Step step) {
        return !step.scene().subject().isEmpty() && !step.scene().subject().equals(step.name());
    }

    /** Whether a step only reads the field that holds a lock, a queue or the like, in order to use that. */
    boolean isReference(Finding.Step step) {
        Use use = uses.get(step.scene().subject());
        return use != null && step.operation().equals("reads") && (use.lock || use.called);
    }

    private Use use(String thing, int thread) {
        Use use = uses.computeIfAbsent(thing, _ -> new Use());
        use.threads.add(thread);
        return use;
    }

    /** Names without the class of the program, where that is enough to tell them apart. */
    private void nameAll() {
        Map<String, Integer> counts = new HashMap<>();
        uses.keySet().forEach(thing -> counts.merge(shortened(thing), 1, Integer::sum));
        uses.keySet()
                .forEach(thing ->
                        names.put(thing, counts.getOrDefault(shortened(thing), 0) > 1 ? thing : shortened(thing)));
    }

    private static String shortened(String thing) {
        return thing.substring(thing.indexOf('.') + 1);
    }

    private void number() {
        List<String> order = List.copyOf(uses.keySet());
        order.stream()
                .filter(thing -> isShown(thing))
                .sorted(Comparator.comparingInt(thing -> rank(thing)))
                .limit(MOST_ROWS)
                .sorted(Comparator.comparingInt(order::indexOf))
                .forEach(thing -> {
                    Use use = uses.getOrDefault(thing, new Use());
                    numbers.put(thing, rows.size());
                    rows.add(new Row(name(thing), use.lock, use.lock ? "" : use.start));
                });
    }

    private int rank(String thing) {
        return uses.getOrDefault(thing, new Use()).rank(thing);
    }

    /** What never changes teaches nothing, unless there is nothing else. */
    private boolean isShown(String thing) {
        return rank(thing) < 3 || uses.keySet().stream().allMatch(other -> rank(other) == 3);
    }

    List<Row> rows() {
        return rows;
    }

    /** The number of the row of something; -1 if it has none. */
    int row(String thing) {
        return numbers.getOrDefault(thing, -1);
    }

    /** What something is called in the picture. */
    String name(String thing) {
        return names.getOrDefault(thing, shortened(thing));
    }

    boolean isLock(String thing) {
        Use use = uses.get(thing);
        return use != null && use.lock;
    }
}
