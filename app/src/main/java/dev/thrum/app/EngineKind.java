package dev.thrum.app;

import java.util.Locale;

/** An engine that users can choose. */
public enum EngineKind {
    THREADS,
    VIRTUAL,
    EVENTS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
