package dev.thrum.crawl.html;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.crawl.text.PageEncoding;
import java.util.List;
import java.util.stream.Collectors;

/** Scans of pages that are written in a test. */
final class Scans {
    static final String AGENT = "thrum";
    private static final PageScanner SCANNER = new PageScanner("Thrum", true);

    private Scans() {}

    static ScannedPage scan(String html) {
        return scan(html.getBytes(UTF_8), "text/html; charset=utf-8");
    }

    static ScannedPage scan(byte[] body, String contentType) {
        return SCANNER.scan(body, PageEncoding.of(body, contentType));
    }

    /** The targets of a page, separated by spaces. */
    static String targets(String html) {
        return scan(html).links().stream().map(Link::href).collect(Collectors.joining(" "));
    }

    /** The links of a page with their texts. */
    static List<String> texts(String html) {
        return scan(html).links().stream()
                .map(link -> link.href() + ":" + link.text())
                .toList();
    }

    static String text(String html) {
        return scan(html).text();
    }
}
