package dev.thrum.bench;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Windows of several servers, measured in turn.
 *
 * <p>In each round every turn comes once, in an order of its own, so that whatever disturbs the machine for longer than
 * a window disturbs them all.
 *
 * @param meter measures
 * @param rounds how often each turn comes
 */
record Turns(Meter meter, int rounds) {
    private static final int SEED = 4711;

    /** One server under one load. */
    record Turn(Meter.Target server, Load load) {}

    /** Loads a server until its JIT compiler has done its work on the one core that they share. */
    void warmUp(Meter.Target server, Load load, int windows) throws IOException, InterruptedException {
        for (int i = 0; i < windows; i++) {
            var _ = meter.window(server, load);
        }
    }

    /** Measures and adds the windows to the results, under the names of the servers. */
    void measure(String title, List<Turn> turns, Results results) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Turn> order = new ArrayList<>(turns);
        for (int round = 1; round <= rounds; round++) {
            System.err.println(title + ", round " + round + " of " + rounds);
            Collections.shuffle(order, random);
            for (Turn turn : order) {
                results.add(turn.server().name(), turn.load(), meter.clean(turn.server(), turn.load()));
            }
        }
    }
}
