package dev.thrum.simulation;

import java.util.Optional;
import java.util.Set;

/**
 * What was thrown inside a world where nobody catches it: by a handler, a timer's task, a thread. Owned by the simulation's
 * thread.
 */
final class Mishaps {
    private final Set<String> tolerated;
    private Optional<IllegalStateException> first = Optional.empty();

    /**
     * None yet.
     *
     * @param tolerated the names of classes; names, because a scenario's classes are loaded anew
     */
    Mishaps(Set<String> tolerated) {
        this.tolerated = tolerated;
    }

    /** This was thrown, in this place. */
    void add(String where, Throwable what) {
        if (first.isEmpty() && !isTolerated(what)) {
            first = Optional.of(new IllegalStateException(
                    "expected no failure but " + where + " threw " + described(what)
                            + "; if that is meant to be, say so with Trial.tolerating(...)",
                    what));
        }
    }

    /** What was thrown is other people's code too. */
    private static String described(Throwable what) {
        try {
            return what.toString();
        } catch (RuntimeException | StackOverflowError e) {
            return what.getClass().getName();
        }
    }

    private boolean isTolerated(Throwable what) {
        for (Class<?> type = what.getClass(); type != null; type = type.getSuperclass()) {
            if (tolerated.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }

    /** Ends the run with the first. */
    void failIfAny() {
        first.ifPresent(mishap -> {
            throw mishap;
        });
    }
}
