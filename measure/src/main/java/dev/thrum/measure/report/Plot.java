package dev.thrum.measure.report;

import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Lines with bands over two axes.
 *
 * @param x the horizontal scale
 * @param y the vertical scale
 * @param xTitle what is on the horizontal axis
 * @param yTitle what is on the vertical axis
 * @param cuts where vertical lines are
 */
record Plot(Scale x, Scale y, String xTitle, String yTitle, List<Double> cuts) {
    private static final double WIDTH = 360;
    private static final double HEIGHT = 230;
    private static final double LEFT = 44;
    private static final double RIGHT = 338;
    private static final double TOP = 22;
    private static final double BOTTOM = 190;

    Plot(Scale x, Scale y, String xTitle, String yTitle) {
        this(x, y, xTitle, yTitle, List.of());
    }

    /** The same with vertical lines. */
    Plot with(List<Double> lines) {
        return new Plot(x, y, xTitle, yTitle, lines);
    }

    /**
     * A point with its interval.
     *
     * @param tip what it says when the pointer rests on it
     */
    record Dot(double x, double y, double low, double high, String tip) {}

    /**
     * The points of one arm.
     *
     * @param arm the index of its colour and shape
     * @param dots its points, from left to right
     * @param isMarked whether each point has a mark
     */
    record Series(int arm, List<Dot> dots, boolean isMarked) {}

    /** The picture. */
    String svg(String description, List<Series> all) {
        return svg(description, all, x.ticks());
    }

    /** The picture, with labels at these places of the horizontal axis. */
    String svg(String description, List<Series> all, List<Double> xTicks) {
        return svg(description, all, xTicks, Numbers::tick);
    }

    /** The picture, with labels of this form at these places. */
    String svg(String description, List<Series> all, List<Double> xTicks, DoubleFunction<String> xTick) {
        Svg svg = new Svg(WIDTH, HEIGHT, description);
        axes(svg, xTicks, xTick);
        cuts.forEach(cut -> svg.line(atX(cut), TOP, atX(cut), BOTTOM, "cut"));
        // The last one is the second copy of an arm: it must not hide its original.
        all.reversed().forEach(series -> band(svg, series));
        all.reversed().forEach(series -> line(svg, series));
        return svg.toString();
    }

    private void axes(Svg svg, List<Double> xTicks, DoubleFunction<String> xTick) {
        for (double tick : y.ticks()) {
            svg.line(LEFT, atY(tick), RIGHT, atY(tick), "grid");
            svg.text(LEFT - 5, atY(tick) + 4, "end", Numbers.tick(tick));
        }
        for (double tick : xTicks) {
            svg.line(atX(tick), BOTTOM, atX(tick), BOTTOM + 4, "axis");
            svg.text(atX(tick), BOTTOM + 17, "middle", xTick.apply(tick));
        }
        svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis");
        svg.text((LEFT + RIGHT) / 2, HEIGHT - 6, "middle", xTitle);
        svg.text(2, 11, "start", yTitle);
    }

    private void band(Svg svg, Series series) {
        if (series.dots.size() < 2) {
            series.dots.forEach(
                    dot -> svg.line(atX(dot.x), atY(dot.low), atX(dot.x), atY(dot.high), "line a" + series.arm));
            return;
        }
        StringBuilder path = new StringBuilder();
        for (Dot dot : series.dots) {
            path.append(path.isEmpty() ? "M" : "L").append(at(dot.x, dot.high));
        }
        for (Dot dot : series.dots.reversed()) {
            path.append("L").append(at(dot.x, dot.low));
        }
        svg.path(path.append('z').toString(), "band a" + series.arm);
    }

    private void line(Svg svg, Series series) {
        StringBuilder path = new StringBuilder();
        for (Dot dot : series.dots) {
            path.append(path.isEmpty() ? "M" : "L").append(at(dot.x, dot.y));
        }
        if (!path.isEmpty()) {
            svg.path(path.toString(), "line a" + series.arm);
        }
        if (series.isMarked) {
            series.dots.forEach(dot -> svg.mark(atX(dot.x), atY(dot.y), series.arm, "mark a" + series.arm, dot.tip));
        }
    }

    private String at(double first, double second) {
        return Svg.number(atX(first)) + " " + Svg.number(atY(second));
    }

    private double atX(double value) {
        return LEFT + x.place(value) * (RIGHT - LEFT);
    }

    private double atY(double value) {
        return BOTTOM - y.place(value) * (BOTTOM - TOP);
    }
}
