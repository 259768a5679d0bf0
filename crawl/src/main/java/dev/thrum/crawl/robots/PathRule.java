package dev.thrum.crawl.robots;

import java.util.Comparator;

/** One line {@code Allow} or {@code Disallow}, ready for matching (RFC 9309, 2.2.2 and 2.2.3). Immutable. */
final class PathRule {
    /** The most specific rule first: the one with the most octets, and of two such the one that allows. */
    static final Comparator<PathRule> MOST_SPECIFIC_FIRST =
            Comparator.comparingInt((PathRule rule) -> rule.octets).reversed().thenComparing(rule -> !rule.allows);

    private static final String[] NONE = {};

    private final boolean allows;
    private final int octets;
    private final boolean toEnd;

    /** What comes before the first asterisk. */
    private final String prefix;

    /** What comes between the asterisks and after the last one. */
    private final String[] pieces;

    /** The length of the shortest text that matches. */
    private final int shortest;

    /**
     * A rule.
     *
     * @param pattern as written, or already with some characters encoded; not empty
     */
    PathRule(String pattern, boolean allows) {
        String path = RobotsPath.ofPattern(pattern);
        this.allows = allows;
        this.octets = path.length();
        this.toEnd = path.endsWith("$");
        String literals = toEnd ? path.substring(0, path.length() - 1) : path;
        int star = literals.indexOf('*');
        this.prefix = star < 0 ? literals : literals.substring(0, star);
        this.pieces = star < 0 ? NONE : literals.substring(star + 1).split("\\*+", -1);
        int length = prefix.length();
        for (String piece : pieces) {
            length += piece.length();
        }
        this.shortest = length;
    }

    boolean allows() {
        return allows;
    }

    /**
     * Whether this rule is about a target of a request.
     *
     * <p>The first place where a piece fits is the right one for all but the last piece, because it leaves the most to
     * the others. So no place is tried twice. A pattern that names its end needs the last piece there, wherever else it
     * fits: crawler-commons 1.6 takes the first place for this one too, and finds that {@code /*.php$} does not match
     * {@code /a.php.php}.
     *
     * @param target as {@link RobotsPath#ofTarget} returns it
     */
    boolean matches(String target) {
        if (target.length() < shortest || !target.startsWith(prefix)) {
            return false;
        }
        int at = prefix.length();
        if (pieces.length == 0) {
            return !toEnd || at == target.length();
        }
        int last = pieces.length - 1;
        for (int i = 0; i < last; i++) {
            at = target.indexOf(pieces[i], at);
            if (at < 0) {
                return false;
            }
            at += pieces[i].length();
        }
        String piece = pieces[last];
        return toEnd
                ? target.length() - piece.length() >= at && target.endsWith(piece)
                : target.indexOf(piece, at) >= 0;
    }
}
