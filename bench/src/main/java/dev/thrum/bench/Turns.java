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
 * <p>Each round measures every turn once, in a random order, so that a disturbance longer than a window affects all of
 * them.
 *
 * @param rounds the number of measurements of each turn
 */
record Turns(int rounds) {
    private static final int SEED = 4711;

    /** One server under one load, measured with this meter. */
    record Turn(Meter meter, Meter.Target server, Load load) {
        /** Loads the server until its JIT compiler has finished on the core that the two share. */
        void warmUp(int windows) throws IOException, InterruptedException {
            for (int i = 0; i < windows; i++) {
                var _ = meter.window(server, load);
            }
        }
    }

    /** Measures all turns and adds the windows to the results, under the names of the servers. */
    void measure(String title, List<Turn> turns, Results results) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        List<Turn> order = new ArrayList<>(turns);
        for (int round = 1; round <= rounds; round++) {
            System.err.println(title + ", round " + round + " of " + rounds);
            Collections.shuffle(order, random);
            for (Turn turn : order) {
                results.add(turn.server().name(), turn.load(), turn.meter().clean(turn.server(), turn.load()));
            }
        }
    }
}
