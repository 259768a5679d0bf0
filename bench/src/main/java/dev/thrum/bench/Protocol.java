package dev.thrum.bench;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.peers.HttpContenders;
import dev.thrum.bench.peers.LineContenders;
import dev.thrum.bench.peers.LogContenders;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.HttpClaims;
import dev.thrum.bench.tables.LineClaims;
import dev.thrum.bench.tables.LogClaims;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What contenders speak, with who they are and what is said of them. */
public enum Protocol {
    LINES("round trip"),
    HTTP("request"),

    /** HTTP too, of servers that differ in their log. */
    LOG("request");

    private final String unit;

    Protocol(String unit) {
        this.unit = unit;
    }

    /** What commands call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Protocol named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** What is counted. */
    String unit() {
        return unit;
    }

    public List<Contender> contenders() {
        return switch (this) {
            case LINES -> LineContenders.all();
            case HTTP -> HttpContenders.all();
            case LOG -> LogContenders.all();
        };
    }

    /** What is said of the contenders under these loads. */
    List<Claim> claims(List<Load> loads) {
        return switch (this) {
            case LINES -> LineClaims.at(loads);
            case HTTP -> HttpClaims.at(loads);
            case LOG -> LogClaims.at(loads);
        };
    }

    public Optional<Contender> contender(String name) {
        return contenders().stream()
                .filter(contender -> contender.name().equals(name))
                .findFirst();
    }

    String names() {
        return contenders().stream().map(Contender::name).collect(Collectors.joining(", "));
    }
}
