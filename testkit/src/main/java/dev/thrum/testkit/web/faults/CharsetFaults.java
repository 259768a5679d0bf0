package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;

/** Pages whose encoding is declared wrongly, late or not at all. */
final class CharsetFaults {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final String HTML = "text/html";

    /** In windows-1252 no byte sequence of this is UTF-8. */
    private static final String GREETING = "Grüße für 5 € – „schön“";

    /** More than the first 1,024 bytes, in which a declaration counts. */
    private static final String PADDING = "<!-- " + "padding ".repeat(300) + "-->";

    private CharsetFaults() {}

    static List<WebFault> all() {
        return List.of(
                encoded("charset-undeclared", "windows-1252 without a declaration.", HTML, "", WINDOWS_1252),
                encoded("charset-undeclared-utf-8", "UTF-8 without a declaration.", HTML, "", UTF_8),
                encoded("charset-latin-1", "A label that means windows-1252.", type("iso-8859-1"), "", WINDOWS_1252),
                encoded("charset-meta", "Declared in the page only.", HTML, meta("windows-1252"), WINDOWS_1252),
                encoded("charset-unknown", "An unknown label, then a known one.", type("x-no"), meta("utf-8"), UTF_8),
                encoded("charset-header-first", "The header wins.", type("utf-8"), meta("koi8-r"), UTF_8),
                encoded("charset-quoted", "A label in quotation marks.", type("\"UTF-8\""), "", UTF_8),
                encoded("charset-bom", "A mark wins over the header.", type("windows-1252"), "\ufeff", UTF_8),
                encoded("charset-utf-16-le", "UTF-16 with a mark.", HTML, "\ufeff", UTF_16LE),
                encoded("charset-utf-16-be", "UTF-16 with a mark.", HTML, "\ufeff", UTF_16BE),
                encoded("charset-utf-16-header", "UTF-16 without a mark.", type("utf-16"), "", UTF_16LE),
                encoded("charset-meta-utf-16", "UTF-16 in ASCII means UTF-8.", HTML, meta("utf-16"), UTF_8),
                ofPages("charset-wrong", "windows-1252 that is declared as UTF-8.", it -> loose(it, type("utf-8"), "")),
                ofPages(
                        "charset-meta-late",
                        "Declared after 1,024 bytes.",
                        it -> loose(it, HTML, PADDING + meta("windows-1252"))),
                ofPages("charset-query", "Queries of links are in the page's encoding.", CharsetFaults::query),
                ofPages("charset-cut", "UTF-8 that ends in the middle of a character.", CharsetFaults::cut));
    }

    private static String type(String charset) {
        return HTML + "; charset=" + charset;
    }

    private static String meta(String charset) {
        return "<meta charset=\"" + charset + "\">";
    }

    /** A page whose title must come out right. */
    private static WebFault encoded(String name, String description, String type, String head, Charset charset) {
        return ofPages(name, description, corner -> {
            boolean marked = head.equals("\ufeff");
            String page = (marked ? head : "") + corner.titled(marked ? "" : head, GREETING, "child");
            corner.faulty(
                            "page",
                            Expectation.fetched(corner.url("page")).title(GREETING),
                            WebResponse.of(type, page.getBytes(charset)))
                    .page("child");
        });
    }

    /** A page whose title may come out wrong, but whose link must work. */
    private static void loose(Corner corner, String type, String head) {
        byte[] page = corner.titled(head, GREETING, "child").getBytes(WINDOWS_1252);
        corner.faulty("page", Expectation.fetched(corner.url("page")), WebResponse.of(type, page))
                .page("child");
    }

    private static void query(Corner corner) {
        byte[] page = corner.titled(meta("windows-1252"), GREETING, "ü?q=ü").getBytes(WINDOWS_1252);
        corner.faulty("page", Expectation.fetched(corner.url("page")).title(GREETING), WebResponse.of(HTML, page))
                .page("%C3%BC?q=%FC");
    }

    private static void cut(Corner corner) {
        byte[] page = (corner.source("page", "child") + "ü").getBytes(UTF_8);
        byte[] cut = Arrays.copyOf(page, page.length - 1);
        corner.faulty(
                        "page",
                        Expectation.fetched(corner.url("page")).title(corner.title("page")),
                        WebResponse.of(type("utf-8"), cut))
                .page("child");
    }
}
