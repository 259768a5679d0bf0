package dev.thrum.lab;

import dev.thrum.lab.picture.Caption;
import dev.thrum.lab.picture.Listing;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import java.util.List;

/** What pictures and texts say about a scenario. */
public final class Captions {
    private static final String END_OF_CLASS = "    }";

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
        List<String> lines = scenario.source();
        String declaration = "class " + variant.program().getSimpleName() + " ";
        int first = 0;
        while (!lines.get(first).contains(declaration)) {
            first++;
        }
        int last = first;
        while (!lines.get(last).equals(END_OF_CLASS)) {
            last++;
        }
        while (!lines.get(first - 1).isBlank()) {
            first--;
        }
        return new Listing(scenario.file(), first + 1, lines.subList(first, last + 1));
    }
}
