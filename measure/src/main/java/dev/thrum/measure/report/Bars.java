package dev.thrum.measure.report;

import java.util.List;

/**
 * Horizontal bars from 0, with intervals.
 *
 * @param rows the bars
 */
record Bars(List<Row> rows) {
    private static final double WIDTH = 360;
    private static final double ROW = 34;
    private static final double BAR = 10;
    private static final double END = 350;

    /**
     * A bar.
     *
     * @param arm the index of its colour
     * @param label its name
     * @param value what it shows as text
     * @param spread its length and interval
     */
    record Row(int arm, String label, String value, Numbers.Spread spread) {}

    /** The picture. */
    String svg(String description) {
        Svg svg = new Svg(WIDTH, ROW * rows.size() + 4, description);
        double longest =
                rows.stream().mapToDouble(row -> row.spread.mean()).max().orElse(0);
        // An interval that is much wider than the figures are large would leave no room for them.
        double end = rows.stream()
                .mapToDouble(row -> Math.min(row.spread.high(), 2 * longest))
                .max()
                .orElse(0);
        Scale scale = new Scale(0, Math.max(Double.MIN_NORMAL, Math.max(longest, end)), false);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double top = i * ROW;
            svg.text(0, top + 14, "start", row.label);
            svg.text(END, top + 14, "end", row.value);
            svg.rectangle(0, top + 20, END, BAR, "track");
            svg.rectangle(0, top + 20, scale.place(row.spread.mean()) * END, BAR, "bar a" + row.arm);
            if (row.spread.isKnown()) {
                double low = scale.place(row.spread.low()) * END;
                double high = scale.place(row.spread.high()) * END;
                svg.line(low, top + 25, high, top + 25, "whisker")
                        .line(low, top + 21, low, top + 29, "whisker")
                        .line(high, top + 21, high, top + 29, "whisker");
            }
        }
        return svg.toString();
    }
}
