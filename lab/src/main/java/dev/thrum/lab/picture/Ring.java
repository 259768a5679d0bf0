package dev.thrum.lab.picture;

import java.util.List;
import java.util.Locale;

/**
 * The ring of a deadlock as a drawing: each thread waits for a lock that the next one holds. Waits are dashed. It needs {@link #STYLE}
 * in the page, and the colours that it names.
 */
final class Ring {
    /** The style of the drawing, as CSS. The page has the colours: {@code --bg}, {@code --fg}, {@code --bad}, {@code --c0} to {@code --c5}. */
    static final String STYLE = """
            .ring { display: block; max-width: 100%; height: auto; }
            .ring text { font: 700 14px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central; fill: var(--c); }
            .ring .edge { font-size: 12px; font-weight: 400; paint-order: stroke; stroke: var(--bg); stroke-width: 6px; stroke-linejoin: round; }
            .ring line, .ring .head { stroke: var(--c); stroke-width: 2; }
            .ring .head { fill: var(--c); }
            .ring .wait { --c: var(--bad); }
            .ring .wait line { stroke-dasharray: 6 4; }
            .ring rect { fill: var(--bg); stroke: var(--c); stroke-width: 2; }
            .ring .lock { --c: var(--fg); }
            .t0 { --c: var(--c0); --p: var(--p0); } .t1 { --c: var(--c1); --p: var(--p1); } .t2 { --c: var(--c2); --p: var(--p2); }
            .t3 { --c: var(--c3); --p: var(--p3); } .t4 { --c: var(--c4); --p: var(--p4); } .t5 { --c: var(--c5); --p: var(--p5); }
            """;

    /** Threads from this number on have the colours of the first ones again. */
    private static final int COLOURS = 6;

    private static final int LONGEST_NAME = 18;
    private static final double BOX_HEIGHT = 32;
    private static final double CHARACTER = 8.5;
    private static final double MARGIN = 2;
    private static final double DOWN = 102;
    private static final double ROOM_FOR_WORDS = 100;

    /** How far the two arrows between two boxes are from the middle. */
    private static final double APART = 38;

    private final List<Link> links;
    private final List<String> threads;
    private final StringBuilder svg = new StringBuilder();
    private final double half;
    private final double across;

    /**
     * A thread that waits, and the thread that it waits for.
     *
     * @param thread the name of the thread that waits
     * @param thing what it waits for, such as the name of a lock
     * @param holder the name of the thread that has it
     * @param held whether the holder holds it, rather than being it
     */
    record Link(String thread, String thing, String holder, boolean held) {}

    private Ring(List<Link> links, List<String> threads) {
        this.links = links;
        this.threads = threads;
        int longest = links.stream()
                .mapToInt(link -> Math.max(link.thread().length(), link.thing().length()))
                .max()
                .orElse(1);
        this.half = Math.max(links.size() == 1 ? APART + 30 : 32, Math.min(longest, LONGEST_NAME) * CHARACTER / 2 + 12);
        this.across = 2 * half + ROOM_FOR_WORDS;
    }

    /**
     * Draws a ring.
     *
     * @param links each thread waits for the next one, and the last for the first
     * @param threads the names of all threads of the page, which have the colours in this order
     * @return an element {@code svg}, to be put into HTML
     */
    static String svg(List<Link> links, List<String> threads) {
        return new Ring(List.copyOf(links), List.copyOf(threads)).draw();
    }

    private String draw() {
        double left = -half - MARGIN;
        double top = -BOX_HEIGHT / 2 - MARGIN;
        double width = 2 * (half + MARGIN) + (links.size() - 1) * across;
        double height = DOWN + BOX_HEIGHT + 2 * MARGIN;
        String title = Escapes.html("The ring of the deadlock: "
                + String.join(
                        "; ",
                        links.stream()
                                .map(link -> link.thread() + " waits for " + link.thing()
                                        + (link.held() ? ", held by " + link.holder() : ""))
                                .toList()));
        svg.append(
                "<svg class=\"ring\" role=\"img\" viewBox=\"%s %s %s %s\" width=\"%s\" height=\"%s\" aria-label=\"%s\">"
                        .formatted(
                                number(left),
                                number(top),
                                number(width),
                                number(height),
                                number(width),
                                number(height),
                                title));
        for (int i = 0; i < links.size(); i++) {
            arrow(2 * i, "wait", "waits for");
            Link link = links.get(i);
            arrow(2 * i + 1, colour(link.holder()), link.held() ? "held by" : "needs");
        }
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            box(2 * i, colour(link.thread()), link.thread(), BOX_HEIGHT / 2);
            box(2 * i + 1, "lock", link.thing(), 4);
        }
        return svg.append("</svg>").toString();
    }

    private String colour(String thread) {
        return "t" + Math.max(0, threads.indexOf(thread)) % COLOURS;
    }

    // Boxes go clockwise: the first half in the upper line, the others back in the lower one.
    private int column(int box) {
        return box < links.size() ? box : 2 * links.size() - 1 - box;
    }

    private double x(int box) {
        return column(box) * across;
    }

    private double y(int box) {
        return box < links.size() ? 0 : DOWN;
    }

    private void box(int box, String style, String name, double round) {
        svg.append("<g class=\"%s\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>"
                .formatted(
                        style,
                        number(x(box) - half),
                        number(y(box) - BOX_HEIGHT / 2),
                        number(2 * half),
                        number(BOX_HEIGHT),
                        number(round)));
        svg.append("<text x=\"%s\" y=\"%s\">%s</text></g>"
                .formatted(number(x(box)), number(y(box)), Escapes.html(Escapes.cut(name, LONGEST_NAME))));
    }

    private void arrow(int from, String style, String word) {
        int to = (from + 1) % (2 * links.size());
        double dx = x(to) - x(from);
        double dy = y(to) - y(from);
        double length = Math.hypot(dx, dy);
        // From edge to edge of the boxes.
        double edge = Math.min(
                dx == 0 ? Double.MAX_VALUE : half / Math.abs(dx), dy == 0 ? Double.MAX_VALUE : 16 / Math.abs(dy));
        double aside = links.size() == 1 ? (from == 0 ? APART : -APART) : 0;
        double x1 = x(from) + dx * edge + aside;
        double y1 = y(from) + dy * edge;
        double x2 = x(to) - dx * edge - dx / length * 4 + aside;
        double y2 = y(to) - dy * edge - dy / length * 4;
        svg.append("<g class=\"%s\"><line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                .formatted(style, number(x1), number(y1), number(x2), number(y2)));
        double turn = Math.toDegrees(Math.atan2(dy, dx));
        svg.append("<path class=\"head\" d=\"M0 0L-8 -4L-8 4z\" transform=\"translate(%s %s) rotate(%s)\"/>"
                .formatted(number(x2), number(y2), number(turn)));
        svg.append("<text class=\"edge\" x=\"%s\" y=\"%s\">%s</text></g>"
                .formatted(number((x1 + x2) / 2), number((y1 + y2) / 2), word));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
    }
}
