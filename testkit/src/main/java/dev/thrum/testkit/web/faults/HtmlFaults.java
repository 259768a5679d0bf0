package dev.thrum.testkit.web.faults;

import static dev.thrum.testkit.web.WebFault.ofPages;

import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Expectation;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebResponse;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Markup that is deep, unfinished or ambiguous: a crawl must find exactly the links that a browser finds. */
final class HtmlFaults {
    private static final int DEEP = 100_000;
    private static final int HUGE = 1_000_000;

    private HtmlFaults() {}

    static List<WebFault> all() {
        return Stream.of(odd(), noLinks(), unfinished(), titles())
                .flatMap(List::stream)
                .toList();
    }

    private static List<WebFault> odd() {
        return List.of(
                found("html-deep", "A hundred thousand levels.", "<div>".repeat(DEEP) + "<a href=child>x</a>"),
                found(
                        "html-deep-formatting",
                        "Levels of elements that are reopened.",
                        "<b><p>".repeat(DEEP / 10) + "<a href=child>x</a>"),
                found("html-unquoted", "A value without quotation marks, in upper case.", "<A HREF=child>x</A>"),
                found("html-single-quotes", "Single quotation marks.", "<a href='child'>x</a>"),
                found("html-spaced", "White space around the equals sign.", "<a\n href\t=\r\n \"child\" >x</a>"),
                found("html-slashes", "Slashes between attributes.", "<a/class=\"x\"/href=\"child\"/>x</a>"),
                found("html-duplicate-attribute", "The first of two counts.", "<a href=child href=never>x</a>"),
                found("html-less-than", "A < in text.", "1 < 2 <3 <a href=child>x</a> <"),
                found("html-angle-in-value", "A > in a value.", "<a title=\"a > b\" href=\"child\">x</a>"),
                found("html-nul", "Zero bytes.", "\0<a href=child\0>x</a>\0<a href=child>x</a>", "child%EF%BF%BD"),
                found("html-nested-links", "Links in links.", "<a href=one><a href=child>x", "one"),
                found("html-area", "An area of an image.", "<map><area href=child></map>"),
                found("html-unclosed-tag", "A tag within a tag.", "<a href=child <b>x</b></a>"),
                found(
                        "html-bogus-comment",
                        "A comment that is none.",
                        "<!><a href=child>x</a><!--><a href=two>",
                        "two"),
                found("html-end-tag-attributes", "Attributes of end tags.", "</a href=never><a href=child>x"),
                found("html-svg-title", "A title of a drawing.", "<svg><title>no</title></svg><a href=child>x</a>"),
                found(
                        "html-title-markup",
                        "A textarea that looks like markup.",
                        "<textarea><a href=never></textarea>" + "<a href=child>x</a>"));
    }

    private static List<WebFault> noLinks() {
        return List.of(
                found(
                        "html-script",
                        "Scripts that look like markup.",
                        "<script>'<a href=never>'; <!-- <script> '</script>'"
                                + " <a href=never></script> --></script><a href=child>x</a>"),
                found(
                        "html-style",
                        "A style sheet that looks like markup.",
                        "<style><a href=never></style><a href=child>x"),
                found("html-comment", "Markup in a comment.", "<!-- <a href=never> --!><a href=child>x</a>"));
    }

    private static List<WebFault> unfinished() {
        return List.of(
                found("html-unfinished-comment", "A comment without an end.", "<a href=child>x</a><!-- <a href=never>"),
                found(
                        "html-unfinished-script",
                        "A script without an end.",
                        "<a href=child>x</a><script><a href=never>"),
                found("html-unfinished-tag", "A tag without an end is none.", "<a href=child>x</a><a href=\"never\""),
                found("html-unfinished-value", "A value without an end.", "<a href=child>x</a><a href=\"never>x</a>"),
                found(
                        "html-plaintext",
                        "Nothing after this is markup.",
                        "<a href=child>x</a><plaintext><a href=never>"),
                found(
                        "html-million-attributes",
                        "A tag of many attributes.",
                        "<p" + " x=y".repeat(DEEP) + "><a href=child>x"),
                ofPages("html-noscript", "Markup for browsers without scripts.", HtmlFaults::noscript));
    }

    private static List<WebFault> titles() {
        return List.of(
                title(
                        "html-title-huge",
                        "A title of a megabyte.",
                        "<title>" + "word ".repeat(HUGE / 5) + "</title>",
                        null),
                title(
                        "html-title-entities",
                        "Entities and white space.",
                        "<title> a\n &amp;&#32; b&#9;\t</title>",
                        "a & b"),
                title("html-title-twice", "The first counts.", "<title>first</title><title>second</title>", "first"),
                title("html-title-markup-inside", "Markup in it is text.", "<title>a <b>c</b></title>", "a <b>c</b>"),
                title("html-title-none", "No title.", "", null),
                title("html-title-svg-only", "A title of a drawing only.", "<svg><title>no</title></svg>", ""));
    }

    /** A page with a link to {@code child}, and none to {@code never}. */
    private static WebFault found(String name, String description, String markup, String... others) {
        return ofPages(name, description, corner -> {
            String page = "<!DOCTYPE html><title>" + corner.title("page") + "</title><body>" + markup;
            corner.faulty(
                            "page",
                            Expectation.fetched(corner.url("page")).title(corner.title("page")),
                            WebResponse.html(page))
                    .page("child")
                    .put("never", corner.html("never"))
                    .expect(Expectation.absent(corner.url("never")));
            for (String other : others) {
                corner.page(other);
            }
        });
    }

    /** A browser that runs scripts finds no link in it; one that runs none does. */
    private static void noscript(Corner corner) {
        WebResponse page =
                WebResponse.html(corner.source("page", "child") + "<noscript><a href=perhaps>x</a></noscript>");
        corner.faulty("page", Expectation.fetched(corner.url("page")), page)
                .page("child")
                .put("perhaps", corner.html("perhaps"))
                .expect(Expectation.requested(corner.url("perhaps"), 0, 1));
    }

    /** A page with this title; null if any is fine. */
    private static WebFault title(String name, String description, String head, @Nullable String title) {
        return ofPages(name, description, corner -> {
            Expectation fetched = Expectation.fetched(corner.url("page"));
            corner.faulty(
                            "page",
                            title == null ? fetched : fetched.title(title),
                            WebResponse.html("<!DOCTYPE html>" + head + "<body><a href=child>x</a>"))
                    .page("child");
        });
    }
}
