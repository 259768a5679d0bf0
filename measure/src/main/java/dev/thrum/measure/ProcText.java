package dev.thrum.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses Linux's files under {@code /proc}. */
public final class ProcText {
    private static final Pattern CPU = Pattern.compile("^cpu +(\\d+(?: \\d+){7}).*", Pattern.MULTILINE);
    private static final Pattern PRESSURE = Pattern.compile("^some .*total=(\\d+)", Pattern.MULTILINE);
    private static final Pattern THROTTLED = Pattern.compile("^throttled_usec (\\d+)", Pattern.MULTILINE);
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern PEAK = Pattern.compile("^VmHWM:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern MEMORY = Pattern.compile("^MemTotal:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern ALLOWED = Pattern.compile("^Cpus_allowed_list:\\s+(\\S+)", Pattern.MULTILINE);
    private static final Pattern MODEL = Pattern.compile("^model name\\s*: (.+)", Pattern.MULTILINE);

    /** The columns of a cpu line are user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final int IDLE = 3;

    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    /** Fields 16 and 17 of {@code /proc/PID/stat}, counted from the field after the command's name. */
    private static final int CHILDREN_USER = 13;

    private static final int CHILDREN_SYSTEM = 14;
    private static final long NANOS_PER_TICK = 10_000_000;

    private ProcText() {}

    /** The time that all cores were busy since the machine was booted, in nanoseconds, from {@code /proc/stat}. */
    public static long busyNanos(String stat) {
        long[] ticks = ticks(stat);
        return (Arrays.stream(ticks).sum() - ticks[IDLE] - ticks[IOWAIT]) * NANOS_PER_TICK;
    }

    /** The time of all cores since the machine was booted, in ticks of 10 ms, from {@code /proc/stat}. */
    public static long allTicks(String stat) {
        return Arrays.stream(ticks(stat)).sum();
    }

    /** The part of it in which a hypervisor ran something else. */
    public static long stolenTicks(String stat) {
        return ticks(stat)[STEAL];
    }

    private static long[] ticks(String stat) {
        return Arrays.stream(found(CPU, stat, "/proc/stat", "cpu").split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    /** The time in which some thread had to wait, in microseconds, from a file of {@code /proc/pressure}; 0 if it says nothing. */
    public static long pressureMicros(String pressure) {
        return numberIfFound(PRESSURE, pressure);
    }

    /** The time in which a control group was not allowed to run, in microseconds, from its {@code cpu.stat}; 0 likewise. */
    public static long throttledMicros(String stat) {
        return numberIfFound(THROTTLED, stat);
    }

    private static long numberIfFound(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** The CPU time of the children that have ended, in nanoseconds, from {@code /proc/PID/stat}. */
    public static long childrenNanos(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM])) * NANOS_PER_TICK;
    }

    /** The resident set in bytes, from {@code /proc/PID/status}. */
    public static long resident(String status) {
        return Long.parseLong(found(RESIDENT, status, "/proc/PID/status", "VmRSS")) * 1_024;
    }

    /** The largest resident set so far in bytes, from {@code /proc/PID/status}; 0 for a process that has ended. */
    public static long peak(String status) {
        Matcher peak = PEAK.matcher(status);
        return peak.find() ? Long.parseLong(peak.group(1)) * 1_024 : 0;
    }

    /** The numbers of the cores that a process may use, in order, from {@code /proc/PID/status}. */
    public static List<Integer> allowedCores(String status) {
        List<Integer> cores = new ArrayList<>();
        for (String part :
                found(ALLOWED, status, "/proc/PID/status", "Cpus_allowed_list").split(",", -1)) {
            String[] ends = part.split("-", -1);
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
        return List.copyOf(cores);
    }

    /** The processor's name, from {@code /proc/cpuinfo}; some processors have none there. */
    public static String model(String cpuinfo) {
        Matcher model = MODEL.matcher(cpuinfo);
        return model.find() ? model.group(1) : "unknown";
    }

    /** The memory of the machine in bytes, from {@code /proc/meminfo}. */
    public static long memory(String meminfo) {
        return Long.parseLong(found(MEMORY, meminfo, "/proc/meminfo", "MemTotal")) * 1_024;
    }

    private static String found(Pattern pattern, String text, String file, String what) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("expected a line " + what + " in " + file + " but it was: " + text);
        }
        return matcher.group(1);
    }
}
