package dev.thrum.app.compare;

import dev.thrum.measure.compare.run.Requests;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the servers do for a request. {@link #toString} is the name that users type. */
enum Workload {
    ECHO("sends each line back"),
    IO("waits 20 ms, as for another service"),
    CPU("computes for some 0.1 ms: a hash of 64 KB"),
    MIXED("sends a short text; one request of ten waits 20 ms, another one computes"),
    DB("reads a row by its key, from the embedded database"),
    FILES("sends a file of 8 KB"),
    SLOW_CLIENTS("sends a short text, while 100 other clients send their requests byte by byte"),
    BLOCKING_HANDLER("sends a short text; one request of a hundred holds its thread for 20 ms, in native code");

    /** Fewer than the workers of engine threads, so that the others are still served there. */
    private static final int SLOW = 100;

    private final String text;

    Workload(String text) {
        this.text = text;
    }

    /** The workload of this name; throws an {@link IllegalArgumentException} with all names if there is none. */
    static Workload named(String name) {
        return Arrays.stream(values())
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("expected a workload (" + names() + ") but was \"" + name + "\""));
    }

    static String names() {
        return Arrays.stream(values()).map(Workload::toString).collect(Collectors.joining(", "));
    }

    /** What a server does for a request, for people. */
    String text() {
        return text;
    }

    Requests requests() {
        return switch (this) {
            case ECHO -> Requests.lines(List.of("What time is it?"), Duration.ZERO);
            case DB -> Requests.http("/users/1");
            case FILES -> Requests.http("/" + Handlers.FILE);
            case IO, CPU, MIXED, SLOW_CLIENTS, BLOCKING_HANDLER -> Requests.http("/");
        };
    }

    /** How many clients are slow during all loads. */
    int slowClients() {
        return this == SLOW_CLIENTS ? SLOW : 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
