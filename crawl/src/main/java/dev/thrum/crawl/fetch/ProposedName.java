package dev.thrum.crawl.fetch;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The name that a response or its URL proposes for a file, made safe; and whether the file is compressed by itself. */
final class ProposedName {
    private static final Set<String> GZIP_TYPES = Set.of(
            "application/gzip",
            "application/x-gzip",
            "application/x-gunzip",
            "application/x-tgz",
            "application/x-gtar-compressed",
            "application/x-compressed-tar");

    private ProposedName() {}

    /** Out of {@code Content-Disposition}, else of the path; never empty. */
    static String of(Headers headers, Url url) {
        for (String value : headers.all("Content-Disposition")) {
            Optional<String> name = ContentDisposition.filename(value).flatMap(SafeName::of);
            if (name.isPresent()) {
                return name.get();
            }
        }
        return ofPath(url).orElseGet(() -> headers.mediaType().contains("html") ? "index.html" : "download");
    }

    private static Optional<String> ofPath(Url url) {
        String segment = url.path().substring(url.path().lastIndexOf('/') + 1);
        return segment.indexOf('%') < 0
                ? SafeName.of(segment)
                : SafeName.of(ContentDisposition.text(ContentDisposition.percentDecoded(segment)));
    }

    /**
     * Whether the coding in {@code Content-Encoding} is the file's own, as some servers declare that of {@code data.tar.gz}, and not one
     * for the transfer: then it is saved as it is.
     */
    static boolean ownsCoding(Headers headers, Url url) {
        String name = of(headers, url).toLowerCase(Locale.ROOT);
        String coding = String.join(",", headers.elements("Content-Encoding")).toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "gzip", "x-gzip" ->
                GZIP_TYPES.contains(headers.mediaType())
                        || endsWith(name, ".gz", ".tgz", ".taz", ".gzip", ".svgz", ".emz", ".wmz", ".cpgz");
            case "br" -> endsWith(name, ".br", ".tbr");
            case "zstd" -> endsWith(name, ".zst", ".zstd", ".tzst");
            default -> false;
        };
    }

    private static boolean endsWith(String name, String... endings) {
        for (String ending : endings) {
            if (name.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }
}
