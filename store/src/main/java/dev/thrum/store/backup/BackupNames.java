package dev.thrum.store.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of backups in a folder: {@code thrum-20261120-082000.db}, in UTC; if the name is taken by a backup of the
 * same second, {@code thrum-20261120-082000-2.db}, and so on.
 */
final class BackupNames {
    private static final Pattern NAME = Pattern.compile("(thrum-\\d{8}-\\d{6})(?:-(\\d{1,4}))?\\.db");
    private static final Pattern PART = Pattern.compile("thrum-\\d{8}-\\d{6}.*\\.part(-journal|-wal|-shm)?");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private BackupNames() {}

    /** The name of a backup; {@code number} counts the backups of the same second, from 1. */
    static String name(Instant time, int number) {
        return "thrum-" + TIME.format(time) + (number == 1 ? "" : "-" + number) + ".db";
    }

    private record Dated(Path file, String second, int number) {
        static Stream<Dated> of(Path file) {
            Matcher matcher = NAME.matcher(file.getFileName().toString());
            if (!matcher.matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Stream.empty();
            }
            int number =
                    Optional.ofNullable(matcher.group(2)).map(Integer::parseInt).orElse(1);
            return Stream.of(new Dated(file, matcher.group(1), number));
        }
    }

    /** Unfinished backups that were not modified since then, and the files that SQLite keeps next to them. */
    static List<Path> unfinished(Path folder, Instant since) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(
                            file -> PART.matcher(file.getFileName().toString()).matches())
                    .toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** The backups in a folder, the newest first. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(Dated::of)
                    .sorted(Comparator.comparing(Dated::second)
                            .thenComparingInt(Dated::number)
                            .reversed())
                    .map(Dated::file)
                    .toList();
        }
    }
}
