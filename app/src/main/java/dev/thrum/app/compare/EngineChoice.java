package dev.thrum.app.compare;

import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine that is compared.
 *
 * @param name as users type it
 * @param transport of engine {@code events}; null for the others
 */
record EngineChoice(String name, @Nullable TransportKind transport) {
    private static final String THREADS = "threads";
    private static final String VIRTUAL = "virtual";
    private static final String EVENTS = "events";

    /** Those that are compared unless the user names others. */
    static List<EngineChoice> usual() {
        return List.of(named(THREADS), named(VIRTUAL), named(EVENTS));
    }

    /** Throws an {@link IllegalArgumentException} with all names if there is none of this name. */
    static EngineChoice named(String name) {
        return all().filter(one -> one.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected engines out of "
                        + all().map(EngineChoice::name).collect(Collectors.joining(", ")) + " but was \"" + name
                        + "\""));
    }

    private static Stream<EngineChoice> all() {
        return Stream.concat(
                Stream.of(
                        new EngineChoice(THREADS, null),
                        new EngineChoice(VIRTUAL, null),
                        new EngineChoice(EVENTS, EventOptions.defaults().transport())),
                Arrays.stream(TransportKind.values()).map(kind -> new EngineChoice(EVENTS + "-" + kind, kind)));
    }

    /** The engine and its options, for people. */
    String text(int workers) {
        if (transport != null) {
            return "events, " + transport + ", a loop for each core";
        }
        return name.equals(THREADS) ? "threads, " + workers + " workers" : name;
    }

    /** Whether it has event loops, which can be late. */
    boolean hasLoops() {
        return transport != null;
    }

    /**
     * Opens it.
     *
     * @param workers the threads of engine {@code threads}
     * @param waiting how many connections may wait for one of them
     * @throws UnsupportedOperationException if this system doesn't have the transport
     */
    Engine open(int workers, int waiting) {
        if (transport != null) {
            return EventEngine.open(EventOptions.defaults().withTransport(transport));
        }
        return name.equals(THREADS) ? Engine.threads(workers, waiting) : Engine.virtual();
    }
}
