package dev.thrum.bench.options;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.peers.HttpContenders;
import dev.thrum.bench.peers.LineContenders;
import dev.thrum.bench.peers.LogContenders;
import dev.thrum.bench.peers.PushContenders;
import dev.thrum.bench.peers.RestContenders;
import dev.thrum.bench.peers.TlsContenders;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.HttpClaims;
import dev.thrum.bench.tables.LineClaims;
import dev.thrum.bench.tables.LogClaims;
import dev.thrum.bench.tables.PushClaims;
import dev.thrum.bench.tables.TlsClaims;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A protocol, with its contenders and the claims about them. */
public enum Protocol {
    LINES("round trip"),
    HTTP("request"),

    /** HTTP too; the servers differ in their request log. */
    LOG("request"),

    /** HTTP too; the servers differ in when connections rest, and in their number of threads. */
    REST("request"),

    /** HTTP over TLS, and in clear text; the generator is h2load, or clients of the JDK. */
    TLS("request"),

    /** Lines that are sent to all connections. */
    PUSH("message");

    private final String unit;

    Protocol(String unit) {
        this.unit = unit;
    }

    /** Its name in commands. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Protocol named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /**
     * Whether each server needs a generator of its own: because its connections stay open between its windows, or because
     * it's told once whether they are encrypted.
     */
    public boolean hasOwnGenerators() {
        return this == PUSH || this == TLS;
    }

    /** Whether the generator measures the durations of round trips. */
    public boolean timesTrips() {
        return this != TLS;
    }

    /** The unit that is counted. */
    public String unit() {
        return unit;
    }

    public List<Contender> contenders() {
        return switch (this) {
            case LINES -> LineContenders.all();
            case HTTP -> HttpContenders.all();
            case LOG -> LogContenders.all();
            case REST -> RestContenders.all();
            case TLS -> TlsContenders.all();
            case PUSH -> PushContenders.all();
        };
    }

    /** The claims about the contenders under these loads. */
    public List<Claim> claims(List<Load> loads) {
        return switch (this) {
            case LINES -> LineClaims.at(loads);
            case HTTP -> HttpClaims.at(loads);
            case LOG -> LogClaims.at(loads);
            // Each row of its measurement has its own.
            case REST -> List.of();
            case TLS -> TlsClaims.at(loads);
            case PUSH -> PushClaims.at(loads);
        };
    }

    public Optional<Contender> contender(String name) {
        return contenders().stream()
                .filter(contender -> contender.name().equals(name))
                .findFirst();
    }

    public String names() {
        return contenders().stream().map(Contender::name).collect(Collectors.joining(", "));
    }
}
