package dev.thrum.app.lab;

import dev.thrum.app.cli.CommandException;
import dev.thrum.lab.Exploring;
import dev.thrum.lab.picture.Picture;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.ExplorationReport;
import java.util.function.Supplier;

/** What the explorer says about scenarios, and pictures of it. */
final class Drawing {
    private Drawing() {}

    static ExplorationReport explore(Variant variant) throws CommandException {
        return explored(() -> Exploring.explore(variant));
    }

    static ExplorationReport replay(Variant variant, String schedule) throws CommandException {
        return explored(() -> Exploring.replay(variant, schedule));
    }

    static String onVirtualClock(Variant variant) throws CommandException {
        return explored(() -> Exploring.onVirtualClock(variant));
    }

    /** A picture of a schedule that fails, or of any if none does. */
    static Picture of(LabScenario scenario, Variant variant) throws CommandException {
        ExplorationReport report = variant.isTimed() ? explored(() -> Exploring.sample(variant)) : explore(variant);
        return of(scenario, variant, report);
    }

    static Picture of(LabScenario scenario, Variant variant, ExplorationReport report) throws CommandException {
        return explored(() -> Exploring.draw(scenario, variant, report));
    }

    private static <T> T explored(Supplier<T> task) throws CommandException {
        try {
            return task.get();
        } catch (IllegalStateException e) {
            // Its message says what the explorer needs.
            throw new CommandException(e);
        }
    }
}
