package dev.thrum.simulation.explore;

/**
 * How an {@link Explorer} goes through the schedules of a program.
 *
 * @param kind the algorithm
 * @param preemptions the most preemptions of a schedule; only for {@link Kind#BOUNDED}
 * @param seed where the random numbers begin; only for {@link Kind#RANDOM}
 * @param depth the number of ordering constraints of the bugs that are to be found, at least 1; only for {@link Kind#RANDOM}
 * @param runs the number of schedules; only for {@link Kind#RANDOM}
 */
public record Search(Kind kind, int preemptions, long seed, int depth, long runs) {
    /** The algorithms. */
    public enum Kind {
        /**
         * Dynamic partial-order reduction with source sets and sleep sets (Abdulla, Aronis, Jonsson, Sagonas: "Source sets",
         * J. ACM 2017, algorithm 1): of all schedules that differ only in the order of independent steps, one is run.
         */
        SYSTEMATIC,
        /** Sleep sets without source sets (Godefroid 1996): the same schedules as {@link #SYSTEMATIC}, and many redundant runs. */
        SLEEP_SETS,
        /** Every schedule, without any reduction: what the other searches are compared with. */
        PLAIN,
        /**
         * Every schedule with at most 0, 1, 2, ... preemptions (Musuvathi, Qadeer: "Iterative context bounding", PLDI
         * 2007). A preemption is a switch away from a thread that could go on.
         */
        BOUNDED,
        /**
         * Random schedules with a guarantee (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized scheduler with
         * probabilistic guarantees of finding bugs", ASPLOS 2010): each run finds a bug of depth {@code d} among {@code n}
         * threads and {@code k} steps with a probability of at least {@code 1/(n k^(d-1))}.
         */
        RANDOM
    }

    public Search {
        if (preemptions < 0) {
            throw new IllegalArgumentException("expected at least 0 preemptions but was " + preemptions);
        }
        if (kind == Kind.RANDOM && (depth < 1 || runs < 1)) {
            throw new IllegalArgumentException(
                    "expected a depth and a number of runs of at least 1 but were " + depth + " and " + runs);
        }
    }

    /** All schedules that can differ, each once. */
    public static Search systematic() {
        return new Search(Kind.SYSTEMATIC, 0, 0, 0, 0);
    }

    /** All schedules that can differ, by the older method; to check the other one. */
    public static Search sleepSets() {
        return new Search(Kind.SLEEP_SETS, 0, 0, 0, 0);
    }

    /** All schedules. */
    public static Search plain() {
        return new Search(Kind.PLAIN, 0, 0, 0, 0);
    }

    /** All schedules with at most 0 preemptions, then with at most 1, and so on to this number. */
    public static Search bounded(int preemptions) {
        return new Search(Kind.BOUNDED, preemptions, 0, 0, 0);
    }

    /** This many random schedules. */
    public static Search random(long seed, int depth, long runs) {
        return new Search(Kind.RANDOM, 0, seed, depth, runs);
    }
}
