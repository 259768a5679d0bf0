package dev.thrum.measure.load;

import dev.thrum.measure.CpuClock;
import dev.thrum.measure.ProcText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@link Usage} from Linux's clocks and files. Those that a system does not have count as 0. */
final class LinuxUsage implements Usage.Meter {
    private final Path proc;
    private final Path groups;
    private final CpuClock process = new CpuClock(ProcessHandle.current().pid());

    LinuxUsage() {
        this(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /** From other folders in place of {@code /proc} and {@code /sys/fs/cgroup}. */
    LinuxUsage(Path proc, Path groups) {
        this.proc = proc;
        this.groups = groups;
    }

    @Override
    public Usage now() {
        String stat = text(proc.resolve("stat"));
        return new Usage(
                CpuClock.ofThisThread(),
                process.nanos(),
                stat.isEmpty() ? 0 : ProcText.allTicks(stat),
                stat.isEmpty() ? 0 : ProcText.stolenTicks(stat),
                ProcText.pressureMicros(text(proc.resolve("pressure/cpu"))),
                ProcText.pressureMicros(text(proc.resolve("pressure/memory"))),
                ProcText.throttledMicros(text(group().resolve("cpu.stat"))));
    }

    /** The folder of this process's control group (version 2). */
    private Path group() {
        String line = text(proc.resolve("self/cgroup"));
        return line.startsWith("0::/")
                ? groups.resolve(line.substring("0::/".length()).strip())
                : groups;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
