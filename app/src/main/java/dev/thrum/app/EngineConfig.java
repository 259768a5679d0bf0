package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;

/**
 * The chosen engine, with the options of every engine.
 *
 * @param maxThreads worker threads of engine {@code threads}
 * @param maxWaiting connections that may wait for a worker thread
 * @param events options of engine {@code events}
 */
record EngineConfig(EngineKind kind, int maxThreads, int maxWaiting, EventOptions events) {
    Engine open() throws CommandException {
        return switch (kind) {
            case THREADS -> Engine.threads(maxThreads, maxWaiting);
            case VIRTUAL -> Engine.virtual();
            case EVENTS -> openEvents();
        };
    }

    private Engine openEvents() throws CommandException {
        if (events.transport() != TransportKind.NIO) {
            NativeFolder.requireForEvents();
        }
        try {
            return EventEngine.open(events);
        } catch (UnsupportedOperationException e) {
            throw new CommandException(String.valueOf(e.getMessage()) + "; choose another --transport", e);
        }
    }
}
