package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import java.io.IOException;
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
    static final int REPEATS = 3;

    /** Enough round trips for the JIT compiler to have done its work on the one core it shares with the server. */
    private static final int WARM_UP_WINDOWS = 4;

    private static final int WARM_UP_CONNECTIONS = 64;
    private static final int SEED = 4711;

    private final ContestOptions options;
    private final Results results = new Results();
    private final List<Serving> servers = new ArrayList<>();
    private final Child generator;
    private final Meter meter;

    private Contest(ContestOptions options, Child generator) {
        this.options = options;
        this.generator = generator;
        this.meter = new Meter(generator, options.window(), REPEATS);
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
                    results.add(server.contender().name(), load, meter.clean(target(server), load));
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
                var _ = meter.window(target(server), first);
            }
            for (Load load : options.loads()) {
                var _ = meter.window(target(server), load);
            }
        }
    }

    private static Meter.Target target(Serving server) {
        return new Meter.Target(
                server.contender().name(), server.port(), server.process().pid());
    }

    @Override
    public void close() {
        generator.close();
        servers.forEach(server -> server.process().close());
    }
}
