package dev.thrum.measure.compare.run;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.measure.HiccupProbe;
import dev.thrum.measure.ResourceUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the process of a server has to do besides serving: it prints {@code ready PORT}, answers the lines {@code account} and
 * {@code memory} with an {@link Account} and a {@link Heap} as JSON, and ends at the end of its input, so it doesn't outlive the
 * program that has started it.
 */
public final class ArmServer {
    private static final Duration BETWEEN_LAGS = Duration.ofMillis(25);
    private static final int DIGITS = 2;
    private static final double MILLI = 1e6;
    private static final double PERCENTILE = 99;

    private final HiccupProbe hiccups = HiccupProbe.start(Clock.system());

    /** Written by the thread that asks for the lag, read by the one that answers. */
    private final SingleWriterRecorder lags = new SingleWriterRecorder(DIGITS);

    /**
     * What the server's process has used until now.
     *
     * @param switches context switches of all threads, ended ones included
     * @param pauses how long garbage collections have taken, in milliseconds
     * @param hiccup how late a sleeping thread woke up, since the account before: p99 in milliseconds
     * @param lag how late the event loops were, likewise; null if there are none
     */
    record Account(
            long switches,
            long pauses,
            double hiccup,
            @Nullable Double lag) {}

    /**
     * The heap after a collection.
     *
     * @param used the bytes of live objects
     * @param committed the bytes that the heap takes from the system
     */
    record Heap(long used, long committed) {}

    private final PrintStream answers;

    private ArmServer(PrintStream answers) {
        this.answers = answers;
    }

    /**
     * To be called first: from now on, what handlers and libraries print to the standard output goes to the standard error, so that it
     * isn't taken for an answer.
     */
    public static ArmServer begin() {
        ArmServer server = new ArmServer(System.out);
        System.setOut(System.err);
        return server;
    }

    /**
     * Answers until the end of the input, and doesn't return.
     *
     * @param port where the server listens
     * @param lag how late the event loops are now; null for an engine without event loops
     */
    public void serve(int port, @Nullable Supplier<Duration> lag) throws IOException {
        if (lag != null) {
            Threads.daemon("thrum-lags", () -> watch(lag)).start();
        }
        answers.println("ready " + port);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            answers.println(
                    switch (command) {
                        case "account" -> JsonMapper.shared().writeValueAsString(account(lag != null));
                        case "memory" -> JsonMapper.shared().writeValueAsString(heap());
                        default -> "failed expected account or memory but was " + command;
                    });
        }
        Runtime.getRuntime().halt(0);
    }

    /** Reports that the server can't be started, to the program that has started this process. */
    public void refuse(String why) {
        answers.println("failed " + why.lines().findFirst().orElse("expected to start but did not"));
    }

    private void watch(Supplier<Duration> lag) {
        try {
            while (true) {
                Clock.system().sleep(BETWEEN_LAGS);
                lags.recordValue(Math.max(0, lag.get().toNanos()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Account account(boolean hasLoops) {
        long pauses = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        Histogram late = lags.getIntervalHistogram();
        return new Account(
                ResourceUsage.contextSwitches(),
                pauses,
                hiccups.sinceLastCall().getValueAtPercentile(PERCENTILE) / MILLI,
                hasLoops && late.getTotalCount() > 0 ? late.getValueAtPercentile(PERCENTILE) / MILLI : null);
    }

    private static Heap heap() {
        System.gc();
        MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new Heap(usage.getUsed(), usage.getCommitted());
    }
}
