package dev.thrum.app.lab;

import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The flags that choose the variant of a scenario. Owned by the thread that reads the command line. */
final class VariantFlags {
    final Flags flags = new Flags("Variant:");
    private final Flag<Boolean> broken = flags.on("--broken", "Only the program with the hazard");
    private final Flag<Boolean> fixed = flags.on("--fixed", "Only the program without it");

    /** Those with and without the hazard that the flags ask for: both if neither flag is given. */
    List<Variant> chosen(@Nullable CommandSpec spec, LabScenario scenario) {
        if (!scenario.hasHazard()) {
            if (broken.value() || fixed.value()) {
                throw ScenarioNames.wrong(
                        spec, "expected neither --broken nor --fixed for " + scenario.name() + ", which has no hazard");
            }
            return List.of();
        }
        boolean both = broken.value().equals(fixed.value());
        return scenario.variants().stream()
                .filter(variant -> switch (variant.name()) {
                    case Variant.BROKEN -> both || broken.value();
                    case Variant.FIXED -> both || fixed.value();
                    default -> false;
                })
                .toList();
    }

    /** The same, for what needs at least one. */
    List<Variant> some(@Nullable CommandSpec spec, LabScenario scenario) {
        if (!scenario.hasHazard()) {
            throw ScenarioNames.wrong(
                    spec,
                    "expected a scenario with a hazard but " + scenario.name()
                            + " only measures: use thrum lab run, or one of "
                            + ScenarioNames.all(LabScenario::hasHazard));
        }
        return chosen(spec, scenario);
    }

    /** The one that the flags ask for: the one with the hazard if neither flag is given. */
    Variant one(@Nullable CommandSpec spec, LabScenario scenario) {
        if (broken.value() && fixed.value()) {
            throw ScenarioNames.wrong(spec, "expected --broken or --fixed but was given both");
        }
        return some(spec, scenario).getFirst();
    }

    /** Whether one of the flags is given. */
    boolean isGiven() {
        return broken.value() || fixed.value();
    }
}
