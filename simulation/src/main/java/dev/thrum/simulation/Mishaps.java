package dev.thrum.simulation;

import java.util.Optional;
import java.util.Set;

/**
 * The uncaught exceptions of a simulated world: of handlers, timer tasks and threads. Owned by the simulation's
 * thread.
 */
final class Mishaps {
    private final Set<String> tolerated;
    private Optional<IllegalStateException> first = Optional.empty();

    /**
     * Creates an empty collection.
     *
     * @param tolerated names of exception classes; names, because a scenario's classes are loaded again
     */
    Mishaps(Set<String> tolerated) {
        this.tolerated = tolerated;
    }

    /** Records an exception and where it was thrown. */
    void add(String where, Throwable what) {
        if (first.isEmpty() && !isTolerated(what)) {
            first = Optional.of(new IllegalStateException(
                    "expected no failure but " + where + " threw " + described(what)
                            + "; if that is intended, allow it with Trial.tolerating(...)",
                    what));
        }
    }

    /** The methods of an exception are foreign code too. */
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

    /** Fails the run with the first exception, if there is one. */
    void failIfAny() {
        first.ifPresent(mishap -> {
            throw mishap;
        });
    }
}
