package dev.thrum.app;

import java.util.Locale;

/** The engines that can be chosen. */
public enum EngineKind {
    THREADS,
    VIRTUAL,
    EVENTS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
