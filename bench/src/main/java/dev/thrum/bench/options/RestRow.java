package dev.thrum.bench.options;

import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.RestClaims;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A part of {@code thrum bench rest}. */
public enum RestRow {
    /** The heap of a connection that rests. */
    MEMORY,

    /** 5,000 clients of 50 threads, each of which asks once a second. */
    SERVED,

    /** 16 busy clients of 50 threads, compared with an earlier package. */
    BUSY16,

    /** 200 busy clients of 50 threads. */
    BUSY200,

    /** 5,000 clients of engine {@code events}, each of which asks once a second, compared with an earlier package. */
    PACED,

    /** The cost of waking a connection. */
    WAKE;

    /** Its name in options. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(RestRow::word).toList();
    }

    static RestRow named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The engine of {@code thrum serve} that is compared with an earlier package, if this row does that. */
    public Optional<String> packaged() {
        return switch (this) {
            case BUSY16 -> Optional.of("threads-50");
            case PACED -> Optional.of("events-epoll");
            case MEMORY, SERVED, BUSY200, WAKE -> Optional.empty();
        };
    }

    /** What is claimed; of memory, nothing that is a ratio. */
    public List<Claim> claims() {
        return switch (this) {
            case MEMORY -> List.of();
            case SERVED -> RestClaims.served();
            case BUSY16 -> RestClaims.uncrowded(packaged().orElseThrow());
            case BUSY200 -> RestClaims.crowded();
            case PACED -> RestClaims.paced(packaged().orElseThrow());
            case WAKE -> RestClaims.woken();
        };
    }
}
