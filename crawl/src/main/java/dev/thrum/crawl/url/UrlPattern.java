package dev.thrum.crawl.url;

import dev.thrum.base.Printable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that is searched for in URLs, for a limited time. Some expressions take exponential time on some
 * texts; a crawl must not stand still for one. Immutable.
 */
final class UrlPattern {
    /** How many characters a search may look at, one of them again and again: about a millisecond. */
    static final int MOST_STEPS = 200_000;

    private static final int SHOWN = 80;

    private final Pattern pattern;

    private UrlPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** What a search comes to. */
    enum Found {
        YES,
        NO,
        /** It takes too many steps. */
        GIVEN_UP
    }

    /**
     * A pattern from its text.
     *
     * @throws IllegalArgumentException if it is none; the message says what is wrong
     */
    static UrlPattern compile(String regex) {
        try {
            return new UrlPattern(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            throw new IllegalArgumentException("expected a regular expression but was "
                    + Printable.excerpt(regex, SHOWN) + ": " + e.getDescription() + where);
        }
    }

    /** Whether it is found anywhere in a text. */
    Found find(String text) {
        try {
            return pattern.matcher(new CountedText(text)).find() ? Found.YES : Found.NO;
        } catch (TooManyStepsException | StackOverflowError _) {
            // The JDK's matcher calls itself for each repetition of a group.
            return Found.GIVEN_UP;
        }
    }

    /** The expression as it is shown. */
    @Override
    public String toString() {
        return Printable.excerpt(pattern.pattern(), SHOWN);
    }

    /** Thrown through the matcher to end it. It has no stack trace. */
    private static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyStepsException() {
            super("expected at most " + MOST_STEPS + " steps", null, false, false);
        }
    }

    /** A text that can be looked at for a limited number of times. Owned by the search that reads it. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int steps;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
