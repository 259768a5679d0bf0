package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Label;
import dev.thrum.simulation.explore.Finding;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happens, in words. */
final class Sentences {
    // The reasons of waits that have words of their own, as the explorer gives them.
    private static final String TURN = "its turn";
    private static final String TIME = "time to pass";
    private static final String END = "the end of a thread";
    private static final List<String> SIGNALS = List.of("a signal", "a notification");

    /** Signals that have come, but the lock is still missing. */
    private static final String AFTER = ", after its ";

    private final List<String> threads;
    private final SharedThings things;

    Sentences(List<String> threads, SharedThings things) {
        this.threads = threads;
        this.things = things;
    }

    static boolean isForSignal(Finding.Wait wait) {
        return SIGNALS.contains(wait.reason());
    }

    static boolean isForEnd(Finding.Wait wait) {
        return wait.reason().equals(END);
    }

    /** Whether the thread only lets others go first. */
    static boolean isTurn(Finding.Wait wait) {
        return wait.reason().equals(TURN);
    }

    /** The method that a step calls, without its class. */
    static String method(Finding.Step step) {
        String call = step.scene().call();
        return call.substring(call.lastIndexOf('.') + 1);
    }

    /** What a box says of a step that is about nothing that is shown. */
    static Label label(Finding.Step step) {
        return step.scene().call().isEmpty()
                ? new Label(step.operation(), "")
                : new Label("calls", step.scene().call());
    }

    private String name(int thread) {
        return threads.get(thread);
    }

    String does(Finding.Step step) {
        return name(step.thread()) + " " + label(step).text() + ".";
    }

    String tries(Finding.Step step, @Nullable Integer holder) {
        String lock = things.name(step.scene().subject());
        String start = name(step.thread()) + " calls " + method(step) + " of " + lock;
        return holder == null || holder == step.thread() ? start + "." : start + ": " + name(holder) + " has it.";
    }

    String reads(Finding.Step step, String thing, boolean othersToo) {
        String who = name(step.thread());
        if (!step.scene().call().isEmpty()) {
            String value = step.value().isEmpty() ? "" : ", which is " + step.value();
            return who + " calls " + method(step) + " of " + thing + value + ".";
        }
        if (step.value().isEmpty()) {
            return who + " reads " + thing + ".";
        }
        return othersToo
                ? who + " reads " + thing + " as well: its copy is " + step.value() + ", too."
                : who + " reads " + thing + ": it has a copy, " + step.value() + ".";
    }

    String writes(Finding.Step step, String thing, Map<Integer, String> stale) {
        String who = name(step.thread());
        String what = step.scene().call().isEmpty()
                ? who + " writes " + step.value() + " to " + thing + "."
                : who + " calls " + method(step) + " of " + thing
                        + (step.value().isEmpty() ? "." : ": it is " + step.value() + " now.");
        return what
                + stale.entrySet().stream()
                        .map(entry -> " " + name(entry.getKey()) + "'s copy, " + entry.getValue()
                                + ", is out of date from here on.")
                        .collect(Collectors.joining());
    }

    /** A thread writes although its copy was out of date. */
    String overwrites(Finding.Step step, String thing, String copy, int writer) {
        String before = step.scene().before();
        return "%s writes %s to %s over %s's %s, because its copy, %s, was out of date: %s's update is lost."
                .formatted(name(step.thread()), step.value(), thing, name(writer), before, copy, name(writer));
    }

    String takes(int thread, String lock) {
        return name(thread) + " takes " + lock + ".";
    }

    String releases(int thread, String lock) {
        return name(thread) + " gives " + lock + " back.";
    }

    String signals(int thread, String what, int woken) {
        return name(thread) + " signals " + what
                + (woken < 0 ? ", but nobody waits: the signal is lost." : ": " + name(woken) + " wakes up.");
    }

    /** What a thread waits for, in two short lines. */
    Label waitLabel(Finding.Wait wait) {
        if (wait.reason().equals(TIME)) {
            return new Label("sleeps", "");
        }
        return new Label("waits for", wanted(wait));
    }

    private String wanted(Finding.Wait wait) {
        if (isForEnd(wait)) {
            return "the end of " + (wait.holder() < 0 ? "a thread" : name(wait.holder()));
        }
        if (isForSignal(wait) || wait.object().isEmpty() || wait.object().equals(name(wait.thread()))) {
            return wait.reason();
        }
        return wait.holder() >= 0 || wait.reason().contains(AFTER)
                ? things.name(wait.object())
                : wait.reason() + " of " + things.name(wait.object());
    }

    /** A wait that begins, while others wait already. */
    String waits(Finding.Wait wait, Map<Integer, Finding.Wait> others) {
        String who = name(wait.thread());
        if (wait.reason().equals(TIME)) {
            return who + " sleeps.";
        }
        if (isForEnd(wait) || wait.holder() < 0) {
            return who + " waits for " + wanted(wait) + ".";
        }
        if (wait.holder() == wait.thread()) {
            return who + " wants " + wanted(wait) + ", which it has already, and waits for itself.";
        }
        String holder = name(wait.holder());
        String woken = wait.reason().contains(AFTER) ? who + " has its signal but needs " : who + " wants ";
        Finding.Wait back = others.get(wait.holder());
        boolean mutual = back != null && back.holder() == wait.thread();
        return woken + wanted(wait) + ". " + holder + " has it"
                + (mutual ? ", and " + holder + " waits for " + who : "") + ": " + who + " waits.";
    }

    /** A wait that never ends. */
    String stuck(Finding.Wait wait) {
        String start = name(wait.thread()) + " waits for " + wanted(wait);
        if (isForEnd(wait)) {
            return start;
        }
        if (wait.holder() == wait.thread()) {
            return start + ", which it holds itself";
        }
        return wait.holder() < 0 ? start + ", which never comes" : start + ", which " + name(wait.holder()) + " holds";
    }
}
