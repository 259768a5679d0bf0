package dev.thrum.http.server;

import dev.thrum.simulation.Trial;
import java.time.Duration;

final class SimulatedCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        Trial.of(world -> play.act(world.engine(), (what, condition) -> {
                    while (!condition.getAsBoolean()) {
                        world.clock().sleep(Duration.ofNanos(50_000));
                    }
                }))
                .run(1);
    }
}
