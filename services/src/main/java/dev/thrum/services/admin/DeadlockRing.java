package dev.thrum.services.admin;

import static dev.thrum.http.HtmlPage.escaped;

import dev.thrum.services.admin.Diagnosis.LockState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The picture of a deadlock: threads (rounded) and locks in a ring. A dashed red arrow is a wait, from a thread to a lock; a
 * solid one leads from a lock to the thread that holds it.
 */
final class DeadlockRing {
    private static final int BOX_WIDTH = 150;
    private static final int BOX_HEIGHT = 32;
    private static final int LONGEST_NAME = 18;

    /** Half of the ring's width and height for each thread in it. */
    private static final int WIDTH_OF_THREAD = 100;

    private static final int HEIGHT_OF_THREAD = 55;
    private static final int MARGIN = 12;

    private final List<LockState> cycle;
    private final StringBuilder svg = new StringBuilder();

    /** @param cycle each waits for a lock that the thread of the next one holds */
    DeadlockRing(List<LockState> cycle) {
        this.cycle = cycle;
    }

    /** The middle of a box. */
    private record Point(double x, double y) {}

    private int halfWidth() {
        return WIDTH_OF_THREAD * cycle.size() + BOX_WIDTH / 2 + MARGIN;
    }

    private int halfHeight() {
        return HEIGHT_OF_THREAD * cycle.size() + BOX_HEIGHT / 2 + MARGIN;
    }

    /** Threads and locks take turns, clockwise from the upper left. */
    private Point place(int position) {
        double angle = Math.toRadians(-135 + 360.0 * position / (2 * cycle.size()));
        return new Point(
                halfWidth() + WIDTH_OF_THREAD * cycle.size() * Math.cos(angle),
                halfHeight() + HEIGHT_OF_THREAD * cycle.size() * Math.sin(angle));
    }

    String svg() {
        String text = cycle.stream()
                .map(wait -> wait.thread() + " waits for " + wait.lock() + ", held by " + wait.heldBy())
                .collect(Collectors.joining("; "));
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\" width=\"%d\" height=\"%d\">\n"
                .formatted(2 * halfWidth(), 2 * halfHeight(), escaped(text), 2 * halfWidth(), 2 * halfHeight()));
        svg.append("<defs>").append(arrowHead("w", "var(--bad)")).append(arrowHead("h", "var(--a)"));
        svg.append("</defs>\n");
        for (int i = 0; i < cycle.size(); i++) {
            Point thread = place(2 * i);
            Point lock = place(2 * i + 1);
            arrow(thread, lock, true);
            arrow(lock, place((2 * i + 2) % (2 * cycle.size())), false);
            box(thread, cycle.get(i).thread(), true);
            box(lock, cycle.get(i).lock(), false);
        }
        return svg.append("</svg>\n").toString();
    }

    private static String arrowHead(String id, String color) {
        return ("<marker id=\"%s\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                        + "<path d=\"M0 0L8 4L0 8z\" fill=\"%s\"/></marker>")
                .formatted(id, color);
    }

    private void box(Point at, String name, boolean isThread) {
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"var(--card)\""
                        + " stroke=\"%s\" stroke-width=\"2\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text></g>\n",
                escaped(name),
                at.x() - BOX_WIDTH / 2.0,
                at.y() - BOX_HEIGHT / 2.0,
                BOX_WIDTH,
                BOX_HEIGHT,
                isThread ? BOX_HEIGHT / 2 : 4,
                isThread ? "var(--a)" : "var(--fg)",
                at.x(),
                at.y() + 5,
                escaped(shortened(name))));
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private void arrow(Point from, Point to, boolean waits) {
        Point begin = edge(from, to);
        Point end = edge(to, from);
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2.2\"%s marker-end=\"url(#%s)\"/>"
                        + "<text class=\"label%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                begin.x(),
                begin.y(),
                end.x(),
                end.y(),
                waits ? "var(--bad)" : "var(--a)",
                waits ? " stroke-dasharray=\"5 4\"" : "",
                waits ? "w" : "h",
                waits ? " waits" : "",
                (begin.x() + end.x()) / 2 + (isUpright(begin, end) ? 34 : 0),
                (begin.y() + end.y()) / 2 + (isUpright(begin, end) ? 4 : -6),
                waits ? "waits for" : "held by"));
    }

    private static boolean isUpright(Point begin, Point end) {
        return Math.abs(begin.x() - end.x()) < Math.abs(begin.y() - end.y());
    }

    /** Where the line from the middle of a box to another point leaves the box. */
    private static Point edge(Point box, Point other) {
        double x = other.x() - box.x();
        double y = other.y() - box.y();
        double part = Math.min(x == 0 ? 1 : BOX_WIDTH / 2.0 / Math.abs(x), y == 0 ? 1 : BOX_HEIGHT / 2.0 / Math.abs(y));
        return new Point(box.x() + x * part, box.y() + y * part);
    }
}
