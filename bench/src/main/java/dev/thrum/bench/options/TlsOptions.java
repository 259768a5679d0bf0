package dev.thrum.bench.options;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The options of {@code thrum bench tls}.
 *
 * @param rounds the number of measurements of each server under each load
 * @param window the length of a measurement
 * @param rows the rows to measure, in the order of the tables
 */
public record TlsOptions(int rounds, Duration window, List<TlsRow> rows) {
    /** The defaults with the arguments applied; throws a {@link UsageException} if an argument is wrong. */
    public static TlsOptions of(List<String> arguments) {
        TlsOptions defaults = new TlsOptions(10, Duration.ofSeconds(2), Arrays.asList(TlsRow.values()));
        return Arguments.apply(defaults, arguments, TlsOptions::with);
    }

    private TlsOptions with(String name, String value) {
        return switch (name) {
            case "--rounds" -> new TlsOptions(ContestOptions.rounds(value), window, rows);
            case "--window" -> new TlsOptions(rounds, ContestOptions.seconds(value), rows);
            case "--only" ->
                new TlsOptions(
                        rounds,
                        window,
                        Arguments.parts(value, TlsRow.words()).stream()
                                .map(TlsRow::named)
                                .toList());
            default -> throw new UsageException("expected --only, --rounds or --window but was " + name);
        };
    }
}
