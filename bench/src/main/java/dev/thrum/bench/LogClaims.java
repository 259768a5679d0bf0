package dev.thrum.bench;

import dev.thrum.bench.Claim.Figure;
import java.util.List;

/** What is said of what a log of requests costs. */
final class LogClaims {
    private static final String OFF = "off";

    private LogClaims() {}

    /** Those that are made under these loads. */
    static List<Claim> at(List<Load> loads) {
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
