package dev.thrum.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which stage sends to which, and whether they can deadlock on their own bounds.
 *
 * <p>A worker that sends waits only for room, and only in a queue that waits for room. So stages can deadlock only along a
 * cycle of such queues. Where none of the cycles consists of them only, some stage of each cycle can always send; it goes
 * on, makes room, and so on along the cycle.
 */
final class StageGraph {
    private final Map<StageName<?>, StageDefinition<?>> stages = new HashMap<>();
    private final Map<StageName<?>, Integer> positions = new HashMap<>();

    /**
     * Creates the graph of these stages, in the order of their definition.
     *
     * @throws IllegalArgumentException if there are none, if two have the same name, or if one sends to a stage that does
     *     not exist
     */
    StageGraph(List<StageDefinition<?>> definitions) {
        if (definitions.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected at least one stage but there is none: call stage before start");
        }
        Set<String> names = new HashSet<>();
        for (StageDefinition<?> stage : definitions) {
            if (!names.add(stage.name().name())) {
                throw new IllegalArgumentException(
                        "expected each stage to have a name of its own but two are called " + stage.name());
            }
            positions.put(stage.name(), positions.size());
            stages.put(stage.name(), stage);
        }
        for (StageDefinition<?> stage : definitions) {
            stage.options().sendsTo().forEach(to -> requireStage(stage.name(), to));
        }
    }

    private void requireStage(StageName<?> from, StageName<?> to) {
        if (!stages.containsKey(to)) {
            throw new IllegalArgumentException(
                    "expected " + from + " to send to stages of this pipeline but there is no" + " stage " + to + " of "
                            + to.type().getSimpleName() + ": define it, or remove it from sendsTo");
        }
    }

    /** Whether a stage sends backwards when it sends there: to itself, or to a stage that was defined before it. */
    boolean isBackwards(StageName<?> from, StageName<?> to) {
        return position(to) <= position(from);
    }

    private int position(StageName<?> stage) {
        return requireNonNull(positions.get(stage));
    }

    private StageDefinition<?> definition(StageName<?> stage) {
        return requireNonNull(stages.get(stage));
    }

    /** Whether a stage that sends there may wait for room. */
    private boolean waitsForRoom(StageName<?> from, StageName<?> to) {
        StageDefinition<?> target = definition(to);
        return target.waitsForRoom()
                && !(isBackwards(from, to) && target.options().backlog() > 0);
    }

    /** Throws an {@link IllegalArgumentException} if there is a cycle in which every queue waits for room. */
    void requireNoDeadlock() {
        Set<StageName<?>> safe = new HashSet<>();
        for (StageName<?> stage : stages.keySet().stream().sorted(this::inOrder).toList()) {
            follow(stage, new ArrayDeque<>(), safe);
        }
    }

    private int inOrder(StageName<?> a, StageName<?> b) {
        return Integer.compare(position(a), position(b));
    }

    /** Searches in depth, and only along queues that wait for room. */
    private void follow(StageName<?> stage, Deque<StageName<?>> path, Set<StageName<?>> safe) {
        if (safe.contains(stage)) {
            return;
        }
        if (path.contains(stage)) {
            throw deadlock(stage, path);
        }
        path.addLast(stage);
        for (StageName<?> to : definition(stage).options().sendsTo()) {
            if (waitsForRoom(stage, to)) {
                follow(to, path, safe);
            }
        }
        path.removeLast();
        safe.add(stage);
    }

    private IllegalArgumentException deadlock(StageName<?> start, Deque<StageName<?>> path) {
        List<StageName<?>> cycle = new ArrayList<>(path);
        cycle.subList(0, cycle.indexOf(start)).clear();
        StageName<?> first = cycle.stream().min(this::inOrder).orElseThrow();
        cycle.add(start);
        return new IllegalArgumentException("expected a queue that always takes items in each cycle of stages but in "
                + cycle.stream().map(StageName::name).collect(Collectors.joining(" -> "))
                + " every queue is bounded and waits for room, so its stages can wait for each other forever: give "
                + first + " a StageOptions.backlog for what is sent back to it, or a queue that never waits");
    }
}
