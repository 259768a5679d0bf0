package dev.thrum.lab;

import dev.thrum.lab.picture.Caption;
import dev.thrum.lab.picture.Listing;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;

/** What pictures and texts say about a scenario. */
public final class Captions {
    private Captions() {}

    /**
     * The caption of a picture.
     *
     * @param facts one line below it, such as how many schedules there are
     */
    public static Caption of(LabScenario scenario, Variant variant, String facts) {
        return new Caption(
                scenario.name() + ", " + variant.name(),
                scenario.lesson(),
                facts,
                listing(scenario, variant),
                scenario.threads());
    }

    /** The part of the source that is a variant: its class, with the comment above. */
    public static Listing listing(LabScenario scenario, Variant variant) {
        return Listing.ofClass(variant.program(), scenario.file(), scenario.source());
    }
}
