package dev.thrum.bench.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@code thrum bench rest}.
 *
 * @param baseline the package that this checkout is compared with, if there is one
 * @param rounds the number of measurements of each server under each load
 * @param window the length of a measurement
 * @param rows the rows to measure, in the order of the tables
 */
public record RestOptions(Optional<Path> baseline, int rounds, Duration window, List<RestRow> rows) {
    private static final String ONLY = "--only";

    /**
     * The defaults with the arguments applied; without an earlier package, the rows that need one are left out unless
     * they are asked for.
     *
     * @throws UsageException if an argument is wrong, or a row is asked for that needs an earlier package
     */
    public static RestOptions of(List<String> arguments) {
        RestOptions defaults =
                new RestOptions(Optional.empty(), 10, Duration.ofSeconds(3), Arrays.asList(RestRow.values()));
        RestOptions options = Arguments.apply(defaults, arguments, RestOptions::with);
        List<RestRow> possible =
                options.rows.stream().filter(options::isPossible).toList();
        if (arguments.contains(ONLY) && !possible.equals(options.rows)) {
            throw new UsageException("expected " + BaselineOptions.FLAG
                    + " with busy16 and paced, which compare with an earlier package, but there was none");
        }
        return new RestOptions(options.baseline, options.rounds, options.window, possible);
    }

    private boolean isPossible(RestRow row) {
        return baseline.isPresent() || row.packaged().isEmpty();
    }

    private RestOptions with(String name, String value) {
        return switch (name) {
            case BaselineOptions.FLAG ->
                new RestOptions(Optional.of(BaselineOptions.folder(value)), rounds, window, rows);
            case "--rounds" -> new RestOptions(baseline, ContestOptions.rounds(value), window, rows);
            case "--window" -> new RestOptions(baseline, rounds, ContestOptions.seconds(value), rows);
            case ONLY ->
                new RestOptions(
                        baseline,
                        rounds,
                        window,
                        Arguments.parts(value, RestRow.words()).stream()
                                .map(RestRow::named)
                                .toList());
            default ->
                throw new UsageException(
                        "expected --only, --rounds, --window or " + BaselineOptions.FLAG + " but was " + name);
        };
    }
}
