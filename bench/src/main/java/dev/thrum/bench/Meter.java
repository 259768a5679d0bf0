package dev.thrum.bench;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Results.Measured;
import dev.thrum.measure.Child;
import dev.thrum.measure.Window;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures windows with the generator.
 *
 * @param window the length of a window
 * @param repeats the maximum number of repetitions of a window in which other processes disturbed the machine
 */
record Meter(Child generator, Duration window, int repeats) {
    /**
     * The share of one core that other processes may use in a clean window; the ticks of {@code /proc/stat} are off by
     * about 2 %.
     */
    static final double NOISE_LIMIT = 0.05;

    /** The load runs for this long before each window begins. */
    static final Duration LEAD = Duration.ofMillis(300);

    /** Time for connecting and closing, and long enough for the generator's own deadlines to pass first. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /**
     * A server.
     *
     * @param name its name in messages
     * @param port its port on the loopback address
     * @param processes the ids of its processes, whose CPU time is measured
     */
    record Target(String name, int port, List<Long> processes) {
        Target(String name, int port, long process) {
            this(name, port, List.of(process));
        }

        private String pids() {
            return processes.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    /** Measures until a window is clean, and returns it; after the last repetition, returns the cleanest. */
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
                load.manner().command(),
                load.exchange().word(),
                Integer.toString(server.port()),
                Integer.toString(load.connections()),
                Long.toString(LEAD.toMillis()),
                Long.toString(window.toMillis()),
                server.pids());
        return ask(command, server, load);
    }

    /** Measures the time until this many requests have been answered; the first ones are on new connections. */
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
            return Window.parse(generator.ask(command, TIMEOUT.plus(LEAD).plus(window)));
        } catch (IOException e) {
            throw new IOException(server.name() + ", " + load + ": " + e.getMessage(), e);
        }
    }
}
