package dev.thrum.bench.stages;

import com.sun.management.OperatingSystemMXBean;
import dev.thrum.bench.load.Commands;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * The main class of a process that passes items through stages. It answers a line {@code ITEMS WORKERS} with the
 * nanoseconds that passed and those of CPU, of all its threads, the collector's and the compiler's included.
 */
public final class StagesProcess {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private StagesProcess() {}

    /** Argument: the manner. */
    public static void main(String[] arguments) throws IOException {
        Stages stages = Stages.named(arguments[0]);
        Commands.serve(words -> measure(stages, Integer.parseInt(words[0]), Integer.parseInt(words[1])));
    }

    private static String measure(Stages stages, int items, int workers) throws InterruptedException {
        long nanos = System.nanoTime();
        long cpu = SYSTEM.getProcessCpuTime();
        stages.run(items, workers);
        return (System.nanoTime() - nanos) + " " + (SYSTEM.getProcessCpuTime() - cpu);
    }
}
