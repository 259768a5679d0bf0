package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.tables.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Measures contenders in turn: all servers run at the same time, on one core, and one of them is loaded at a time. */
final class Contest implements AutoCloseable {
    static final int REPEATS = 3;

    /** Enough round trips for the JIT compiler to finish on the one core that it shares with the server. */
    private static final int WARM_UP_WINDOWS = 4;

    private static final int WARM_UP_CONNECTIONS = 64;

    private final ContestOptions options;
    private final Results results = new Results();
    private final List<Serving> servers = new ArrayList<>();
    private final Child generator;
    private final Turns turns;

    private Contest(ContestOptions options, Child generator) {
        this.options = options;
        this.generator = generator;
        this.turns = new Turns(new Meter(generator, options.window(), REPEATS), options.rounds());
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
        for (Load load : options.loads()) {
            List<Turn> all = servers.stream()
                    .map(server -> new Turn(target(server), load))
                    .toList();
            turns.measure(load.toString(), all, results);
        }
        return results;
    }

    private void warmUp() throws IOException, InterruptedException {
        Load first = new Load(options.exchanges().getFirst(), WARM_UP_CONNECTIONS);
        for (Serving server : servers) {
            System.err.println("warming up " + server.contender().name());
            turns.warmUp(target(server), first, WARM_UP_WINDOWS);
            for (Load load : options.loads()) {
                turns.warmUp(target(server), load, 1);
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
