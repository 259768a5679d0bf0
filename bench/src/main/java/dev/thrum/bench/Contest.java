package dev.thrum.bench;

import dev.thrum.bench.Processes.Serving;
import dev.thrum.bench.Turns.Turn;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.tables.Results;
import dev.thrum.measure.Child;
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
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Child> generators = new ArrayList<>();

    /** A server, and the meter with the generator that loads it. */
    private record Entrant(Serving server, Meter meter) {
        Turn turn(Load load) {
            String name = server.contender().name();
            return new Turn(
                    meter,
                    new Meter.Target(name, server.port(), server.process().pid()),
                    load);
        }
    }

    private Contest(ContestOptions options) {
        this.options = options;
    }

    static Contest start(Processes processes, ContestOptions options) throws IOException, InterruptedException {
        Contest contest = new Contest(options);
        try {
            for (Contender contender : options.contenders()) {
                Child generator = contest.generator(processes, contender);
                processes
                        .fast(contender, options.mostConnections())
                        .ifPresent(server -> contest.enter(server, generator));
            }
            return contest;
        } catch (IOException | InterruptedException | RuntimeException e) {
            contest.close();
            throw e;
        }
    }

    /** The generator for the next server: the same for all, unless each needs its own. */
    private Child generator(Processes processes, Contender contender) throws IOException {
        if (generators.isEmpty() || options.protocol().hasOwnGenerators()) {
            generators.add(processes.generator(contender));
        }
        return generators.getLast();
    }

    private void enter(Serving server, Child generator) {
        entrants.add(new Entrant(server, new Meter(generator, options.window(), REPEATS)));
    }

    Results run() throws IOException, InterruptedException {
        warmUp();
        Turns turns = new Turns(options.rounds());
        for (Load load : options.loads()) {
            List<Turn> all =
                    entrants.stream().map(entrant -> entrant.turn(load)).toList();
            turns.measure(load.toString(), all, results);
        }
        return results;
    }

    private void warmUp() throws IOException, InterruptedException {
        // A crowd of clients whose handshakes aren't compiled yet would not be served in time.
        int connections = options.protocol() == Protocol.TLS ? options.mostConnections() : WARM_UP_CONNECTIONS;
        Load first = new Load(options.exchanges().getFirst(), connections);
        for (Entrant entrant : entrants) {
            System.err.println("warming up " + entrant.server().contender().name());
            entrant.turn(first).warmUp(WARM_UP_WINDOWS);
            for (Load load : options.loads()) {
                entrant.turn(load).warmUp(1);
            }
        }
    }

    @Override
    public void close() {
        generators.forEach(Child::close);
        entrants.forEach(entrant -> entrant.server().process().close());
    }
}
