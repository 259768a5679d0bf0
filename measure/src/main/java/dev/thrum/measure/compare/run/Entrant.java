package dev.thrum.measure.compare.run;

import dev.thrum.measure.compare.Arm;
import java.util.List;

/**
 * An arm, and how a server of it is started.
 *
 * @param arm the arm
 * @param main the main class of its server, which calls {@link ArmServer#serve}, and its arguments
 */
public record Entrant(Arm arm, List<String> main) {
    public Entrant {
        main = List.copyOf(main);
    }

    /** A second copy of it, as a control. */
    Entrant again() {
        return new Entrant(new Arm(arm.name() + " again", arm.engine(), arm.name()), main);
    }
}
