package dev.thrum.crawl.archive;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a WARC file of a crawl.
 *
 * @param number from 1, in the order in which the files were begun
 * @param gzip whether its records are compressed
 */
public record WarcName(int number, boolean gzip) {
    private static final Pattern FORM = Pattern.compile("crawl-([0-9]{5,9})\\.warc(\\.gz)?");

    /** The name of a file; empty if it is no WARC file of a crawl. */
    public static Optional<WarcName> of(Path file) {
        Matcher name = FORM.matcher(String.valueOf(file.getFileName()));
        return name.matches()
                ? Optional.of(new WarcName(Integer.parseInt(name.group(1)), name.group(2) != null))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "crawl-%05d.warc%s", number, gzip ? ".gz" : "");
    }
}
