package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;
import java.util.List;
import java.util.Set;

/**
 * What a page asks of robots, in {@code meta} elements or in {@code X-Robots-Tag}.
 *
 * @param noindex whether it is not to be found by a search
 * @param nofollow whether its links are not to be followed
 */
public record Directives(boolean noindex, boolean nofollow) {
    /** Of a page that asks for nothing. */
    public static final Directives NONE = new Directives(false, false);

    /** The directives with a value, which look like ones for an agent of that name. */
    private static final Set<String> WITH_VALUE =
            Set.of("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview");

    /** What both ask for together. */
    public Directives and(Directives other) {
        return new Directives(noindex || other.noindex, nofollow || other.nofollow);
    }

    /** The directives in the content of a {@code meta} element, separated by commas or, as is common, by spaces. */
    static Directives ofContent(String content) {
        Directives all = NONE;
        for (String word : Ascii.lower(content).split("[,\\s]+", -1)) {
            all = all.and(of(word));
        }
        return all;
    }

    /**
     * The directives in fields {@code X-Robots-Tag}, general and for this agent.
     *
     * @param values of the fields; within one, {@code name:} addresses those after it to an agent
     * @param agent the product token of this crawler, in any case
     */
    public static Directives ofHeaders(List<String> values, String agent) {
        Directives all = NONE;
        for (String value : values) {
            all = all.and(ofHeader(Ascii.lower(value), Ascii.lower(agent)));
        }
        return all;
    }

    private static Directives ofHeader(String value, String agent) {
        Directives all = NONE;
        boolean isForUs = true;
        for (String part : value.split(",", -1)) {
            int colon = part.indexOf(':');
            String name = colon < 0 ? "" : Ascii.strip(part.substring(0, colon));
            if (WITH_VALUE.contains(name)) {
                continue;
            }
            // In a date, what is before a colon has spaces.
            boolean isAgent = colon >= 0 && name.chars().noneMatch(Ascii::isSpace);
            if (isAgent) {
                isForUs = name.equals(agent);
            }
            if (isForUs) {
                all = all.and(ofContent(isAgent ? part.substring(colon + 1) : part));
            }
        }
        return all;
    }

    private static Directives of(String word) {
        return switch (word) {
            case "noindex" -> new Directives(true, false);
            case "nofollow" -> new Directives(false, true);
            case "none" -> new Directives(true, true);
            default -> NONE;
        };
    }
}
