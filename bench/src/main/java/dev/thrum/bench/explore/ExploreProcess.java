package dev.thrum.bench.explore;

import dev.thrum.bench.explore.collection.Pair;
import dev.thrum.bench.load.Commands;
import dev.thrum.measure.CpuClock;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import dev.thrum.simulation.explore.Timeouts;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The main class of a process that explores. It answers these lines:
 *
 * <ul>
 *   <li>{@code switches COUNT}: nanoseconds of CPU for this many bare switches;
 *   <li>{@code plain PROGRAM MILLIS}: schedules, steps and nanoseconds of CPU of plain searches that take at least this long;
 *   <li>{@code short PROGRAM}: whether it has two actors and no schedule of more than 15 steps;
 *   <li>{@code exhaust PROGRAM}: schedules, redundant runs and nanoseconds of a systematic search, with the loading of the program,
 *       and whether it is exhausted;
 *   <li>{@code find PROGRAM}: nanoseconds up to the first finding, with the loading of the program, and its kind or {@code nothing};
 *   <li>{@code count PROGRAM MOST}: schedules of a plain search, at most this many;
 *   <li>{@code heap SCHEDULES}: bytes of heap after this many plain schedules of {@link Measured.HalfDeadlocked}, and how many of them
 *       were stuck.
 * </ul>
 */
public final class ExploreProcess {
    /** Of this process, its collector and its compiler included. */
    private static final CpuClock CPU = new CpuClock(ProcessHandle.current().pid());

    private static final int MOST_STEPS = 500;
    private static final int SHORT = 15;
    private static final int MOST_SHORT = 50_000;
    private static final Duration LONG = Duration.ofDays(1);
    private static final int COLLECTIONS = 3;

    /** Explorers whose programs are loaded and warm. */
    private static final Map<String, Explorer> WARM = new HashMap<>();

    private ExploreProcess() {}

    public static void main(String[] arguments) throws IOException {
        Commands.serve(ExploreProcess::perform);
    }

    static String perform(String[] words) {
        return switch (words[0]) {
            case "switches" -> switches(Integer.parseInt(words[1]));
            case "plain" -> plain(words[1], Long.parseLong(words[2]) * 1_000_000);
            case "short" -> String.valueOf(isShort(words[1]));
            case "exhaust" -> exhaust(words[1]);
            case "find" -> find(words[1]);
            case "count" -> count(words[1], Long.parseLong(words[2]));
            case "heap" -> heap(Long.parseLong(words[1]));
            default -> throw new IllegalArgumentException("expected a command but was " + words[0]);
        };
    }

    /**
     * An explorer of a program: of {@link Measured} by its simple name, of the collection by the number of its pair and {@code broken} or
     * {@code fixed}, as in {@code 3/fixed}.
     */
    private static Explorer explorer(String name) {
        return Explorer.of(program(name)).withTimeouts(timeouts(name)).withSteps(MOST_STEPS);
    }

    static Class<? extends Program> program(String name) {
        if (!name.contains("/")) {
            try {
                return Class.forName(Measured.class.getName() + "$" + name).asSubclass(Program.class);
            } catch (ClassNotFoundException e) {
                throw new IllegalArgumentException("expected a program but was " + name, e);
            }
        }
        return name.endsWith("/fixed") ? pair(name).fixed() : pair(name).broken();
    }

    private static Timeouts timeouts(String name) {
        return name.contains("/") ? pair(name).timeouts() : Timeouts.BY_CLOCK;
    }

    private static Pair pair(String name) {
        return Pair.ALL.get(Integer.parseInt(name.substring(0, name.indexOf('/'))));
    }

    private static String switches(int count) {
        BareSwitches switches = new BareSwitches();
        long cpu = CPU.nanos();
        switches.run(count);
        return String.valueOf(CPU.nanos() - cpu);
    }

    private static String plain(String name, long nanos) {
        Explorer explorer = WARM.computeIfAbsent(
                name, _ -> explorer(name).withSearch(Search.plain()).withFindings(Integer.MAX_VALUE));
        long schedules = 0;
        long steps = 0;
        long begin = System.nanoTime();
        long cpu = CPU.nanos();
        do {
            ExplorationReport report = explorer.explore();
            schedules += report.schedules();
            steps += report.steps();
        } while (System.nanoTime() - begin < nanos);
        return schedules + " " + steps + " " + (CPU.nanos() - cpu);
    }

    private static boolean isShort(String name) {
        if (made(program(name)).actors().size() != 2) {
            return false;
        }
        ExplorationReport report = explorer(name)
                .withSteps(SHORT)
                .withSearch(Search.plain())
                .withBudget(MOST_SHORT, LONG)
                .explore();
        return report.exhausted() && report.findings().isEmpty();
    }

    /** A program without an explorer; its constructor need not be public. */
    private static Program made(Class<? extends Program> type) {
        try {
            Constructor<? extends Program> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("expected a program with a constructor but was " + type.getName(), e);
        }
    }

    private static String exhaust(String name) {
        long begin = System.nanoTime();
        ExplorationReport report =
                explorer(name).withFindings(Integer.MAX_VALUE).explore();
        long nanos = System.nanoTime() - begin;
        return "%d %d %d %s".formatted(report.schedules(), report.redundant(), nanos, report.exhausted());
    }

    private static String find(String name) {
        long begin = System.nanoTime();
        ExplorationReport report = explorer(name).explore();
        long nanos = System.nanoTime() - begin;
        String kinds = report.findings().stream()
                .map(Finding::kind)
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
        return nanos + " " + (kinds.isEmpty() ? "nothing" : kinds);
    }

    private static String count(String name, long most) {
        ExplorationReport report = explorer(name)
                .withSearch(Search.plain())
                .withFindings(Integer.MAX_VALUE)
                .withBudget(most, LONG)
                .explore();
        return report.schedules() + " " + report.exhausted();
    }

    private static String heap(long schedules) {
        ExplorationReport report = explorer(Measured.HalfDeadlocked.class.getSimpleName())
                .withSearch(Search.plain())
                .withFindings(Integer.MAX_VALUE)
                .withBudget(schedules, LONG)
                .explore();
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) + " "
                + report.outcomes().getOrDefault("stuck", 0L);
    }
}
