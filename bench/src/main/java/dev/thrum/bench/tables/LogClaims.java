package dev.thrum.bench.tables;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.statistics.Bound;
import java.util.List;

/** The claims about the cost of a request log. */
public final class LogClaims {
    private static final String OFF = "off";

    private LogClaims() {}

    /** The claims for these loads. */
    public static List<Claim> at(List<Load> loads) {
        return loads.stream()
                .flatMap(load -> List.of(
                        new Claim("off-again", OFF, Figure.CPU, load, Bound.none()),
                        new Claim("json", OFF, Figure.CPU, load, Bound.atMost(1.10, 1.05)),
                        new Claim("json-drop", OFF, Figure.CPU, load, Bound.none()),
                        new Claim("json-compressed", OFF, Figure.CPU, load, Bound.none()),
                        new Claim("common", OFF, Figure.CPU, load, Bound.none()))
                        .stream())
                .toList();
    }
}
