package dev.thrum.pipeline;

import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Simulation.Task;

/** The actors of {@link CrawlActors} as scenarios of a simulation. */
final class PipelineScenarios {
    private static final int PAGES = 20;

    private PipelineScenarios() {}

    private static CrawlActors crawl(Simulation world) {
        return new CrawlActors(PAGES, world.clock(), world.random());
    }

    /** Two stages in a cycle, whose end must be found exactly. */
    static final class Cycle implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            try (CrawlActors actors = crawl(world)) {
                Task<Boolean> feeder = world.fork("feeder", () -> {
                    actors.feed();
                    return true;
                });
                actors.awaitEnd();
                feeder.join();
            }
        }
    }

    /** The same, paused several times. */
    static final class Pauses implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            try (CrawlActors actors = crawl(world)) {
                Task<Boolean> pauser = world.fork("pauser", () -> {
                    actors.pauseNowAndThen();
                    return true;
                });
                actors.feed();
                actors.awaitEnd();
                pauser.join();
            }
        }
    }

    /** The same, stopped while items run, wait for room, and wait for their retry. */
    static final class Stop implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            try (CrawlActors actors = crawl(world)) {
                actors.feed();
                actors.stopAtSomeTime();
            }
        }
    }
}
