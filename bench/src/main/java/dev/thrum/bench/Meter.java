package dev.thrum.bench;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.load.Window;
import dev.thrum.bench.tables.Results.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has the generator measure windows.
 *
 * @param window how long they are
 * @param repeats how often one in which others disturbed the machine is measured again
 */
record Meter(Child generator, Duration window, int repeats) {
    /** What others may take of one core in a clean window; the ticks of {@code /proc/stat} are off by 2 % or so. */
    static final double NOISE_LIMIT = 0.05;

    /** The load is on for so long before each window begins. */
    static final Duration LEAD = Duration.ofMillis(300);

    /** For connecting and ending, and for the generator's own deadlines to pass first. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * A server.
     *
     * @param name what messages call it
     * @param port where it listens on the loopback address
     * @param processes whose CPU time is its
     */
    record Target(String name, int port, List<Long> processes) {
        Target(String name, int port, long process) {
            this(name, port, List.of(process));
        }

        private String pids() {
            return processes.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /** The first clean window, or the cleanest of those that were tried. */
    Measured clean(Target server, Load load) throws IOException, InterruptedException {
        Window best = window(server, load);
        for (int i = 0; i < repeats && best.noise() > NOISE_LIMIT; i++) {
            Window again = window(server, load);
            best = again.noise() < best.noise() ? again : best;
        }
        return new Measured(best, best.noise() > NOISE_LIMIT);
    }

    Window window(Target server, Load load) throws IOException, InterruptedException {
        String command = String.join(
                " ",
                "run",
                load.exchange().word(),
                Integer.toString(server.port()),
                Integer.toString(load.connections()),
                Long.toString(LEAD.toMillis()),
                Long.toString(window.toMillis()),
                server.pids());
        return ask(command, server, load);
    }

    /** The window in which so many requests are answered, the first ones on new connections. */
    Measured pass(Target server, Load load, int requests) throws IOException, InterruptedException {
        String command = String.join(
                " ",
                "pass",
                load.exchange().word(),
                Integer.toString(server.port()),
                Integer.toString(load.connections()),
                Integer.toString(requests),
                "0",
                server.pids());
        Window all = ask(command, server, load);
        return new Measured(all, all.noise() > NOISE_LIMIT);
    }

    private Window ask(String command, Target server, Load load) throws IOException, InterruptedException {
        try {
            return Window.parse(generator.ask(command, PATIENCE.plus(LEAD).plus(window)));
        } catch (IOException e) {
            throw new IOException(server.name() + ", " + load + ": " + e.getMessage(), e);
        }
    }
}
