package dev.thrum.measure.compare;

/** What is measured of an arm. {@link #toString} is its name in JSON. */
public enum Figure {
    THROUGHPUT("throughput", "throughput", "requests/s", true),
    LATENCY_MEAN("latency_mean", "mean latency", "ms", false),
    LATENCY_P50("latency_p50", "p50 latency", "ms", false),
    LATENCY_P90("latency_p90", "p90 latency", "ms", false),
    LATENCY_P99("latency_p99", "p99 latency", "ms", false),
    LATENCY_P999("latency_p999", "p99.9 latency", "ms", false),
    LATENCY_MAX("latency_max", "longest latency", "ms", false),

    /** CPU time of the server's process. */
    CPU_PER_REQUEST("cpu_per_request", "CPU per request", "µs", false),

    /** Voluntary and involuntary ones, of all threads of the server's process. */
    CONTEXT_SWITCHES("context_switches", "context switches per request", "", false),

    /** Memory of the server's process after the loads: live objects, and what it has besides its heap. */
    MEMORY("memory", "memory", "MiB", false),

    /** How much that grows with a connection that sends nothing. */
    IDLE_CONNECTION("idle_connection", "memory per idle connection", "bytes", false),

    /** The time in which the garbage collector stopped the server. */
    GC_PAUSES("gc_pauses", "garbage collection pauses", "ms/s", false),

    /** How late an event loop ran a task that was due (p99); engines without event loops have none. */
    LOOP_LAG("loop_lag", "delay of the event loop (p99)", "ms", false),

    /** How late a thread of the server that only sleeps woke up (p99). */
    SERVER_HICCUP("server_hiccup", "hiccups of the server's JVM (p99)", "ms", false),

    /** The same in the generator's process. */
    GENERATOR_HICCUP("generator_hiccup", "hiccups of the generator (p99)", "ms", false);

    private final String key;
    private final String title;
    private final String unit;
    private final boolean isMoreBetter;

    Figure(String key, String title, String unit, boolean isMoreBetter) {
        this.key = key;
        this.title = title;
        this.unit = unit;
        this.isMoreBetter = isMoreBetter;
    }

    /** Its name for people. */
    public String title() {
        return title;
    }

    /** Its unit; empty for a number. */
    public String unit() {
        return unit;
    }

    public boolean isMoreBetter() {
        return isMoreBetter;
    }

    @Override
    public String toString() {
        return key;
    }
}
