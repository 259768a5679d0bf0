package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.Results.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Contenders, measured in turn.
 *
 * <p>All servers are up at once, on one core, and one of them is spoken to at a time, for a window; in each round all
 * have their window, in an order of its own. So what disturbs the machine for longer than a window disturbs all.
 */
final class Contest implements AutoCloseable {
    /** What others may take of one core in a clean window; the ticks of {@code /proc/stat} are off by 2 % or so. */
    static final double NOISE_LIMIT = 0.05;

    static final int REPEATS = 3;

    /** Enough round trips for the JIT compiler to have done its work on the one core it shares with the server. */
    private static final int WARM_UP_WINDOWS = 4;

    private static final int WARM_UP_CONNECTIONS = 64;
    private static final Duration LEAD = Duration.ofMillis(300);

    /** For connecting and ending, and for the generator's own deadlines to pass first. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int SEED = 4711;

    private final ContestOptions options;
    private final Results results = new Results();
    private final List<Serving> servers = new ArrayList<>();
    private final Child generator;

    private Contest(ContestOptions options, Child generator) {
        this.options = options;
        this.generator = generator;
    }

    static Contest start(Processes processes, ContestOptions options) throws IOException, InterruptedException {
        Contest contest = new Contest(options, processes.generator());
        try {
            for (Contender contender : options.contenders()) {
                processes.fast(contender, options.mostConnections()).ifPresent(contest.servers::add);
            }
            return contest;
        } catch (IOException | InterruptedException | RuntimeException e) {
            contest.close();
            throw e;
        }
    }

    Results run() throws IOException, InterruptedException {
        warmUp();
        Random random = new Random(SEED);
        for (Load load : options.loads()) {
            for (int round = 1; round <= options.rounds(); round++) {
                System.err.println(load + ", round " + round + " of " + options.rounds());
                Collections.shuffle(servers, random);
                for (Serving server : servers) {
                    results.add(server.contender().name(), load, clean(server, load));
                }
            }
        }
        return results;
    }

    private void warmUp() throws IOException, InterruptedException {
        Load first = new Load(options.exchanges().getFirst(), WARM_UP_CONNECTIONS);
        for (Serving server : servers) {
            System.err.println("warming up " + server.contender().name());
            for (int i = 0; i < WARM_UP_WINDOWS; i++) {
                var _ = window(server, first);
            }
            for (Load load : options.loads()) {
                var _ = window(server, load);
            }
        }
    }

    /** The first clean window, or the cleanest of those that were tried. */
    private Measured clean(Serving server, Load load) throws IOException, InterruptedException {
        Window best = window(server, load);
        for (int i = 0; i < REPEATS && best.noise() > NOISE_LIMIT; i++) {
            Window again = window(server, load);
            best = again.noise() < best.noise() ? again : best;
        }
        return new Measured(best, best.noise() > NOISE_LIMIT);
    }

    private Window window(Serving server, Load load) throws IOException, InterruptedException {
        String command = String.join(
                " ",
                "run",
                load.exchange().word(),
                Integer.toString(server.port()),
                Integer.toString(load.connections()),
                Long.toString(LEAD.toMillis()),
                Long.toString(options.window().toMillis()),
                Long.toString(server.process().pid()));
        try {
            return Window.parse(generator.ask(command, PATIENCE.plus(LEAD).plus(options.window())));
        } catch (IOException e) {
            throw new IOException(server.contender().name() + ", " + load + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        generator.close();
        servers.forEach(server -> server.process().close());
    }
}
