package dev.thrum.measure.report;

import dev.thrum.http.HtmlPage;
import java.util.Locale;

/** An SVG picture in the making. Colours come from the classes of the page's style, so they follow its scheme. Owned by one thread. */
final class Svg {
    private final StringBuilder content = new StringBuilder();

    /** A picture with this description, in the user units of its content. */
    Svg(double width, double height, String description) {
        content.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">",
                number(width),
                number(height),
                HtmlPage.escaped(description)));
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        content.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>",
                style,
                number(x1),
                number(y1),
                number(x2),
                number(y2)));
        return this;
    }

    Svg rectangle(double x, double y, double width, double height, String style) {
        content.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
                style,
                number(x),
                number(y),
                number(Math.max(0, width)),
                number(Math.max(0, height))));
        return this;
    }

    /** A path of the commands of SVG's {@code d}. */
    Svg path(String commands, String style) {
        content.append("<path class=\"")
                .append(style)
                .append("\" d=\"")
                .append(commands)
                .append("\"/>");
        return this;
    }

    /** A mark of one of four shapes, with a text that appears when the pointer rests on it. */
    Svg mark(double x, double y, int shape, String style, String tip) {
        String at = switch (Math.floorMod(shape, 4)) {
            case 0 -> circle(x, y);
            case 1 -> corners(x, y, -3, -3, 3, -3, 3, 3, -3, 3);
            case 2 -> corners(x, y, 0, -4, 4, 3, -4, 3);
            default -> corners(x, y, 0, -4, 4, 0, 0, 4, -4, 0);
        };
        content.append("<path class=\"")
                .append(style)
                .append("\" d=\"")
                .append(at)
                .append("\"><title>")
                .append(HtmlPage.escaped(tip))
                .append("</title></path>");
        return this;
    }

    private static String circle(double x, double y) {
        return "M" + number(x - 3) + " " + number(y) + "a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z";
    }

    private static String corners(double x, double y, double... offsets) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < offsets.length; i += 2) {
            path.append(i == 0 ? "M" : "L")
                    .append(number(x + offsets[i]))
                    .append(' ')
                    .append(number(y + offsets[i + 1]));
        }
        return path.append('z').toString();
    }

    /** A text; its anchor is {@code start}, {@code middle} or {@code end}. */
    Svg text(double x, double y, String anchor, String text) {
        content.append(String.format(
                Locale.ROOT,
                "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
                number(x),
                number(y),
                anchor,
                HtmlPage.escaped(text)));
        return this;
    }

    /** A coordinate, to a tenth of a unit. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    @Override
    public String toString() {
        return content + "</svg>";
    }
}
