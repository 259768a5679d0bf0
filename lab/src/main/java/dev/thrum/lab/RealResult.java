package dev.thrum.lab;

import dev.thrum.lab.picture.Stuck;
import java.time.Duration;
import java.util.List;

/**
 * The result of a run on real threads.
 *
 * @param last what the last round has shown
 * @param rounds how many rounds there were
 * @param elapsed how long all of them took
 */
public record RealResult(Round last, int rounds, Duration elapsed) {
    /** How a round can end. */
    public enum Kind {
        /** As it should, perhaps by luck. */
        RIGHT,
        /** With a wrong result. */
        WRONG,
        /** Not at all: its threads wait, and nobody will wake them. */
        STUCK,
        /** Not in time: its threads go on. */
        ENDLESS
    }

    /**
     * One round.
     *
     * @param outcome the program's own description; empty if it has not ended
     * @param problem what is wrong, in one line; empty if nothing is, or if threads wait
     * @param waiting the threads that wait for ever
     */
    public record Round(Kind kind, String outcome, String problem, List<Stuck> waiting) {
        public Round {
            waiting = List.copyOf(waiting);
        }

        static Round right(String outcome) {
            return new Round(Kind.RIGHT, outcome, "", List.of());
        }

        static Round wrong(String outcome, String problem) {
            return new Round(Kind.WRONG, outcome, problem, List.of());
        }

        static Round stuck(List<Stuck> waiting) {
            return new Round(Kind.STUCK, "", "", waiting);
        }

        static Round endless() {
            return new Round(Kind.ENDLESS, "", "its threads go on and never come to an end", List.of());
        }
    }

    /** Whether the hazard has shown. */
    public boolean isBad() {
        return last.kind() != Kind.RIGHT;
    }
}
