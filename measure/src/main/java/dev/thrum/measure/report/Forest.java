package dev.thrum.measure.report;

import dev.thrum.http.HtmlPage;
import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Outcome;
import dev.thrum.measure.compare.PairVerdict;
import dev.thrum.measure.statistics.Interval;
import dev.thrum.measure.statistics.RatioTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Verdicts as intervals on one axis, for each pair of arms. Right of the middle the first arm is better, whether more or less of
 * the figure is.
 */
final class Forest {
    private static final double WIDTH = 300;
    private static final double HEIGHT = 24;
    private static final double MIDDLE = HEIGHT / 2;

    private Forest() {}

    static String of(List<PairVerdict> verdicts) {
        double most = verdicts.stream()
                .map(PairVerdict::test)
                .flatMap(test -> test == null ? Stream.empty() : Stream.of(test))
                .mapToDouble(Forest::reach)
                .max()
                .orElse(1);
        Scale scale = Scale.around(most);
        Map<String, StringBuilder> groups = new LinkedHashMap<>();
        for (PairVerdict verdict : verdicts) {
            groups.computeIfAbsent(title(verdict), _ -> axis(verdict, scale)).append(row(verdict, scale));
        }
        StringBuilder html = new StringBuilder();
        groups.forEach((title, rows) -> html.append("<h3>")
                .append(title)
                .append("</h3>\n<div class=\"forest\">\n")
                .append(rows)
                .append("</div>\n"));
        return html.toString();
    }

    /** How far an interval reaches from 1; one that isn't bounded doesn't stretch the axis. */
    private static double reach(RatioTest test) {
        Interval interval = test.interval();
        double reach = Math.max(interval.high(), 1 / interval.low());
        return Double.isInfinite(reach) ? Math.max(interval.estimate(), 1 / interval.estimate()) : reach;
    }

    private static String title(PairVerdict verdict) {
        return HtmlPage.escaped(verdict.arm() + " against " + verdict.other());
    }

    private static StringBuilder axis(PairVerdict verdict, Scale scale) {
        return new StringBuilder("<div class=\"row axis-row\"><span></span><span class=\"ends\"><span>← ")
                .append(HtmlPage.escaped(verdict.other()))
                .append(" better</span><span>")
                .append(HtmlPage.escaped(verdict.arm()))
                .append(" better, to ")
                .append(Numbers.tick(scale.high()))
                .append(" × →</span></span></div>\n");
    }

    private static String row(PairVerdict verdict, Scale scale) {
        String note = verdict.note().isEmpty() ? "" : "<small>" + HtmlForm.escaped(verdict.note()) + "</small>";
        return "<div class=\"row\"><span>"
                + HtmlForm.escaped(verdict.criterion().title()) + "</span>"
                + bar(verdict, scale) + "<span class=\"ratio\">" + HtmlForm.escaped(VerdictRows.ratio(verdict))
                + "</span><span class=\"pill " + style(verdict) + "\">" + HtmlPage.escaped(VerdictRows.words(verdict))
                + "</span>" + note + "</div>\n";
    }

    private static String style(PairVerdict verdict) {
        return switch (verdict.outcome()) {
            case BETTER, WORSE -> "differs";
            case SAME -> "same";
            case CANNOT_TELL -> "open";
        };
    }

    private static String bar(PairVerdict verdict, Scale scale) {
        RatioTest test = verdict.test();
        Svg svg = new Svg(WIDTH, HEIGHT, VerdictRows.ratio(verdict) + ", " + VerdictRows.words(verdict));
        double low = scale.place(Analysis.BAND.low()) * WIDTH;
        svg.rectangle(low, 0, scale.place(Analysis.BAND.high()) * WIDTH - low, HEIGHT, "same-band");
        svg.line(scale.place(1) * WIDTH, 0, scale.place(1) * WIDTH, HEIGHT, "axis");
        if (test != null) {
            boolean isMoreBetter = verdict.criterion().figure().isMoreBetter();
            Interval better = isMoreBetter ? test.interval() : test.interval().reciprocal();
            String style = verdict.outcome() == Outcome.CANNOT_TELL ? "open-line" : "interval";
            svg.line(scale.place(better.low()) * WIDTH, MIDDLE, scale.place(better.high()) * WIDTH, MIDDLE, style);
            svg.mark(scale.place(better.estimate()) * WIDTH, MIDDLE, 0, "mark " + style, VerdictRows.ratio(verdict));
        }
        return svg.toString();
    }
}
