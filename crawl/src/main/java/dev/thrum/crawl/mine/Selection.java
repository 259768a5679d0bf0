package dev.thrum.crawl.mine;

import dev.thrum.crawl.text.Ascii;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jsoup.nodes.Element;
import org.jsoup.select.Evaluator;
import org.jsoup.select.QueryParser;
import org.jspecify.annotations.Nullable;

/**
 * What to take from a page: a CSS selector as jsoup understands it, and optionally an attribute, as in {@code h2}, {@code
 * a.more@href} and {@code meta[name=author]@content}. Immutable, and safe for concurrent use.
 *
 * <p>Without an attribute, the value of a match is its text, with one space for each white space; that of a {@code script} or
 * {@code style} is its source. With one, it is the attribute as written; elements without it don't match. {@code href} and
 * {@code src} become absolute URLs, by the page's {@code base} if it has one; what is no http or https URL stays as written.
 *
 * <p>{@code title} is the title of an HTML document (HTML, 3.2.9), of which there is at most one: not that of an SVG drawing
 * on the page.
 */
public final class Selection {
    private static final String TITLE = "title";

    private final String text;
    private final Evaluator selector;
    private final @Nullable String attribute;
    private final boolean isTitle;

    private Selection(String text, Evaluator selector, @Nullable String attribute, boolean isTitle) {
        this.text = text;
        this.selector = selector;
        this.attribute = attribute;
        this.isTitle = isTitle;
    }

    /**
     * Parses {@code CSS} or {@code CSS@attribute}.
     *
     * @throws IllegalArgumentException if the selector is malformed, or there is none, or no attribute after the sign
     */
    public static Selection parse(String text) {
        int at = attributeSign(text);
        String css = (at < 0 ? text : text.substring(0, at)).strip();
        if (css.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a CSS selector, such as h1 or a@href, but was \"" + text + "\"; * selects every element");
        }
        @Nullable
        String attribute = at < 0 ? null : Ascii.lower(text.substring(at + 1).strip());
        if (attribute != null && !isName(attribute)) {
            throw new IllegalArgumentException(
                    "expected the name of an attribute after @, as in a@href, but was \"" + text + "\"");
        }
        return new Selection(
                text,
                selector(css),
                attribute,
                attribute == null && Ascii.lower(css).equals(TITLE));
    }

    private static Evaluator selector(String css) {
        try {
            return Objects.requireNonNull(QueryParser.parse(css));
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "expected a CSS selector such as h1 or a.more but was \"" + css + "\": " + firstLine(e), e);
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("it is malformed");
    }

    /** The place of the sign before the attribute; -1 without one. Within brackets and strings it is part of the selector. */
    private static int attributeSign(String text) {
        int depth = 0;
        char quote = 0;
        int found = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else {
                switch (c) {
                    case '"', '\'' -> quote = c;
                    case '[', '(' -> depth++;
                    case ']', ')' -> depth--;
                    case '@' -> found = depth == 0 ? i : found;
                    default -> {}
                }
            }
        }
        return found;
    }

    private static boolean isName(String attribute) {
        return !attribute.isEmpty() && attribute.chars().noneMatch(c -> c <= ' ' || "\"'<>/=@[](),".indexOf(c) >= 0);
    }

    /** Whether it is the title of the document. */
    boolean isTitle() {
        return isTitle;
    }

    /** The values of its matches on a page, in the order of the page. */
    List<String> values(Page page) {
        if (isTitle && page.isHtml()) {
            return page.title().stream().toList();
        }
        Stream<Element> elements = page.document().stream().filter(selector.asPredicate(page.document()));
        return elements.flatMap(element -> value(element, page).stream()).toList();
    }

    private Optional<String> value(Element element, Page page) {
        if (attribute == null) {
            return Optional.of(isSource(element) ? element.data() : element.text());
        }
        if (!element.hasAttr(attribute)) {
            return Optional.empty();
        }
        String value = element.attr(attribute);
        return Optional.of(attribute.equals("href") || attribute.equals("src") ? page.absolute(value) : value);
    }

    private static boolean isSource(Element element) {
        return element.nameIs("script") || element.nameIs("style");
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
