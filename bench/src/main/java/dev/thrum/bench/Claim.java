package dev.thrum.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What is said of a contender and its peer: how a figure of the one compares with that of the other.
 *
 * @param contender of Thrum
 * @param peer what it is held against
 * @param figure which figure
 */
record Claim(String contender, String peer, Figure figure) {
    private static final List<String> STYLES = List.of("/straight", "/callbacks");
    private static final Set<Integer> CPU_BOUND_AT = Set.of(64, 1_000);
    private static final int RATE_AT = 1_000;

    /** A figure of a window. */
    enum Figure {
        CPU("server CPU per round trip"),
        RATE("round trips/s");

        private final String title;

        Figure(String title) {
            this.title = title;
        }

        double of(Window window) {
            return switch (this) {
                case CPU -> window.cpu();
                case RATE -> window.rate();
            };
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * Where a ratio has to be.
     *
     * @param atMost below the bound; else above it
     */
    record Bound(boolean atMost, double must, double goal) {
        /** An interval that touches the bound passes; the goal is reached by the estimate itself. */
        String verdict(Interval ratio) {
            if (Double.isInfinite(ratio.high())) {
                return "too few rounds";
            }
            boolean reached = atMost ? ratio.estimate() <= goal : ratio.estimate() >= goal;
            boolean passed = atMost ? ratio.low() <= must : ratio.high() >= must;
            return reached ? "goal" : passed ? "pass" : "miss";
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.2f, goal %.2f", atMost ? "<=" : ">=", must, goal);
        }
    }

    static List<Claim> all() {
        List<Claim> claims = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            for (String style : STYLES) {
                for (String transport : List.of("epoll", "io_uring", "nio")) {
                    claims.add(new Claim("events-" + transport + style, "netty-" + transport, figure));
                }
                claims.add(new Claim("virtual" + style, "netty-epoll", figure));
            }
        }
        return claims;
    }

    /** Whether it is made at this number of connections. */
    boolean madeAt(int connections) {
        return figure == Figure.CPU || connections == RATE_AT;
    }

    Optional<Bound> bound(int connections) {
        boolean events = contender.startsWith("events-");
        if (figure == Figure.RATE) {
            return events ? Optional.of(new Bound(false, 1.0, 1.15)) : Optional.empty();
        }
        if (!CPU_BOUND_AT.contains(connections)) {
            return Optional.empty();
        }
        return Optional.of(events ? new Bound(true, 1.05, 1.0) : new Bound(true, 1.35, 1.2));
    }

    /** The ratio, from the pairs of windows of each round. */
    Interval ratio(List<Window> ours, List<Window> theirs) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
            ratios.add(figure.of(ours.get(round)) / figure.of(theirs.get(round)));
        }
        return Interval.of(ratios);
    }
}
