package dev.thrum.lab.scenario;

import java.util.Locale;

/** The time from start to stop: real on real threads, virtual under the explorer. Used by one thread. */
final class Stopwatch {
    private static final double NANOS = 1e9;

    private long begin;
    private long elapsed;
    private String result = "";

    void start() {
        begin = System.nanoTime();
    }

    void stop(String withResult) {
        elapsed = System.nanoTime() - begin;
        result = withResult;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s in %.1f s", result, elapsed / NANOS);
    }
}
