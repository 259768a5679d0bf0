package dev.thrum.measure;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The clocks at one instant, in nanoseconds.
 *
 * @param nanos the time
 * @param server the CPU time of the server's processes
 * @param client the CPU time of this process
 * @param busy the sum of the times that the cores of the machine were busy
 */
public record Snapshot(long nanos, long server, long client, long busy) {
    private static final Path STAT = Path.of("/proc/stat");

    public static Snapshot now(List<CpuClock> server, CpuClock client) throws IOException {
        long busy = ProcText.busyNanos(Files.readString(STAT));
        long cpu = server.stream().mapToLong(CpuClock::nanos).sum();
        return new Snapshot(Clock.system().nanoTime(), cpu, client.nanos(), busy);
    }

    /** The CPU clocks of processes, from their ids, which are separated by commas. */
    public static List<CpuClock> clocks(String ids) {
        return Arrays.stream(ids.split(",", -1))
                .map(id -> new CpuClock(Long.parseLong(id)))
                .toList();
    }

    /** The window from this instant to a later one, with these round trips; the generator waited this long in it. */
    public Window until(Snapshot end, long trips, long waited, Histogram durations) {
        return new Window(
                trips,
                end.nanos - nanos,
                end.server - server,
                end.client - client,
                end.busy - busy,
                waited,
                durations.getValueAtPercentile(50),
                durations.getValueAtPercentile(99),
                durations.getValueAtPercentile(99.9),
                0);
    }
}
