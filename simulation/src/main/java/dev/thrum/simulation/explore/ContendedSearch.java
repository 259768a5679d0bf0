package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.run.ExploredThread;
import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;
import dev.thrum.simulation.explore.search.PlainSearch;

/** Schedules with one preemption at most; notices whether a thread had to wait for what another one held. */
final class ContendedSearch implements Strategy {
    private final PlainSearch search = PlainSearch.bounded(1);
    private boolean contended;

    @Override
    public int choose(Machine machine, long enabled, int runner) {
        for (int i = 0; i < machine.threadCount() && !contended; i++) {
            ExploredThread thread = machine.thread(i);
            contended = !thread.ended() && thread.wantsLock() && !machine.isMet(thread);
        }
        return search.choose(machine, enabled, runner);
    }

    @Override
    public void ended(Machine machine) {
        search.ended(machine);
    }

    /** Whether a thread had to wait in the last run. */
    boolean wasContended() {
        return contended;
    }

    @Override
    public boolean advance() {
        contended = false;
        return search.advance();
    }
}
