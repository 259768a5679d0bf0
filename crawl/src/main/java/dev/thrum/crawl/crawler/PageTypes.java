package dev.thrum.crawl.crawler;

import dev.thrum.crawl.text.Ascii;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which bodies are pages of a crawl, by their media types. Others are left out, and not read further than their type needs.
 *
 * @param html whether HTML is, and what looks like it
 * @param others media types such as {@code application/pdf}, or {@code text/*} for all that begin so, in lower case
 */
public record PageTypes(boolean html, List<String> others) {
    /** HTML, and what looks like it. */
    public static final PageTypes HTML = new PageTypes(true, List.of());

    private static final String HTML_WORD = "html";

    /** Two tokens (RFC 9110, 8.3.1), the second of which may be a star, or both. */
    private static final Pattern TYPE =
            Pattern.compile("\\*/\\*|[a-z0-9!#$%&'+.^_`|~-]+/(\\*|[a-z0-9!#$%&'+.^_`|~-]+)");

    public PageTypes {
        others = List.copyOf(others);
        if (!html && others.isEmpty()) {
            throw new IllegalArgumentException("expected at least one media type but was none");
        }
    }

    /**
     * Reads a list such as {@code html,application/pdf,text/*}, in either case. {@code html} is what {@link #HTML} is; so is each type in the list
     * that HTML has.
     *
     * @throws IllegalArgumentException if it is malformed; the message says what is expected
     */
    public static PageTypes parse(String list) {
        boolean html = false;
        List<String> others = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            String type = Ascii.lower(Ascii.strip(item));
            if (!type.equals(HTML_WORD) && !TYPE.matcher(type).matches()) {
                throw new IllegalArgumentException("expected html, or media types such as application/pdf or text/*,"
                        + " separated by commas but was \"" + item + "\"");
            }
            html |= type.equals(HTML_WORD) || matches(type, "text/html") || matches(type, "application/xhtml+xml");
            if (!type.equals(HTML_WORD) && !MediaType.isHtml(type)) {
                others.add(type);
            }
        }
        return new PageTypes(html, others);
    }

    private static boolean matches(String pattern, String type) {
        return pattern.equals(type)
                || pattern.equals("*/*")
                || (pattern.endsWith("/*") && type.startsWith(pattern.substring(0, pattern.length() - 1)));
    }

    /** Whether a body with this field {@code Content-Type} may be a page, so that it is worth reading. */
    boolean mayBePage(String field) {
        Optional<String> declared = MediaType.declared(field);
        if (declared.isPresent() && MediaType.isHtml(declared.get())) {
            return html;
        }
        // Of one whose type is not said, the first bytes decide.
        return MediaType.mayBePage(field) || declared.filter(this::isListed).isPresent();
    }

    /** Why a body is no page: what it is; empty if it is one. */
    Optional<String> otherThanPage(String field, byte[] body) {
        Optional<String> other = MediaType.otherThanHtml(field, body);
        if (other.isEmpty()) {
            return html ? Optional.empty() : Optional.of("text/html");
        }
        return other.filter(type -> !isListed(type));
    }

    private boolean isListed(String type) {
        return others.stream().anyMatch(pattern -> matches(pattern, type));
    }

    /** The list that {@link #parse} reads. */
    @Override
    public String toString() {
        return Stream.concat(html ? Stream.of(HTML_WORD) : Stream.empty(), others.stream())
                .collect(Collectors.joining(","));
    }
}
