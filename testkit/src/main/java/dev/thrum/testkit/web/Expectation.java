package dev.thrum.testkit.web;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The required result of a crawl for one URL.
 *
 * @param url in its canonical form; for a link that is no URL, as it is written
 * @param atLeast how often it must have been requested
 * @param atMost how often it may have been requested
 * @param outcomes one of them must hold; none means that any is fine
 */
public record Expectation(String url, int atLeast, int atMost, List<Outcome> outcomes) {
    /** More requests than any crawler makes that gives up. */
    public static final int TRIES = 12;

    private static final int OK = 200;

    public Expectation {
        outcomes = List.copyOf(outcomes);
        if (atLeast < 0 || atMost < atLeast) {
            throw new IllegalArgumentException(
                    "expected a range from 0 for " + url + " but was " + atLeast + " to " + atMost);
        }
    }

    /** One possible entry for a URL in the outputs of the crawl. */
    public sealed interface Outcome {}

    /**
     * There is a record of the page.
     *
     * @param status 0 if any is fine
     * @param title null if any is fine, or none
     * @param endsAt the URL at the end of its redirects; null if any is fine
     * @param duplicateOf the page with the same content; null if any is fine, or none
     */
    public record Recorded(
            int status,
            Flaw flaw,
            @Nullable String title,
            @Nullable String endsAt,
            @Nullable String duplicateOf) implements Outcome {}

    /** It is in the list of skipped URLs, for one of these reasons. */
    public record Skipped(Set<Reason> reasons) implements Outcome {
        public Skipped {
            reasons = Set.copyOf(reasons);
        }
    }

    /** It is in no output. */
    public record Absent() implements Outcome {}

    /** The completeness of a page according to its record. */
    public enum Flaw {
        /** Neither truncated nor an error. */
        NONE,
        TRUNCATED,
        ERROR,
        /** Truncated, or an error, or both. */
        SOME,
        /** Whatever it says. */
        ANY
    }

    /** Requested once, and recorded with status 200 and no flaw. */
    public static Expectation fetched(String url) {
        return new Expectation(url, 1, 1, List.of(new Recorded(OK, Flaw.NONE, null, null, null)));
    }

    /** Requested, perhaps several times, and recorded with a flaw and any status. */
    public static Expectation flawed(String url, Flaw flaw) {
        return new Expectation(url, 1, TRIES, List.of(new Recorded(0, flaw, null, null, null)));
    }

    /** Never requested, and listed as skipped for one of these reasons. */
    public static Expectation skipped(String url, Reason... reasons) {
        return new Expectation(url, 0, 0, List.of(new Skipped(Set.of(reasons))));
    }

    /** Never requested, and in no output: for a text that is no link of a page. */
    public static Expectation absent(String url) {
        return new Expectation(url, 0, 0, List.of(new Absent()));
    }

    /** Requested this often; any outputs are fine. */
    public static Expectation requested(String url, int atLeast, int atMost) {
        return new Expectation(url, atLeast, atMost, List.of());
    }

    public Expectation times(int least, int most) {
        return new Expectation(url, least, most, outcomes);
    }

    /** Or it is listed as skipped for one of these reasons. */
    public Expectation orSkipped(Reason... reasons) {
        return new Expectation(
                url,
                atLeast,
                atMost,
                Stream.concat(outcomes.stream(), Stream.of(new Skipped(Set.of(reasons))))
                        .toList());
    }

    /** With this status in the record; 0 for any. */
    public Expectation status(int value) {
        Recorded old = recorded();
        return with(new Recorded(value, old.flaw(), old.title(), old.endsAt(), old.duplicateOf()));
    }

    /** With this title in the record. */
    public Expectation title(String value) {
        Recorded old = recorded();
        return with(new Recorded(old.status(), old.flaw(), value, old.endsAt(), old.duplicateOf()));
    }

    /** With this flaw in the record. */
    public Expectation flaw(Flaw value) {
        Recorded old = recorded();
        return with(new Recorded(old.status(), value, old.title(), old.endsAt(), old.duplicateOf()));
    }

    /** With this URL at the end of the redirects. */
    public Expectation endsAt(String value) {
        Recorded old = recorded();
        return with(new Recorded(old.status(), old.flaw(), old.title(), value, old.duplicateOf()));
    }

    /** As a duplicate of this page. */
    public Expectation duplicateOf(String value) {
        Recorded old = recorded();
        return with(new Recorded(old.status(), old.flaw(), old.title(), old.endsAt(), value));
    }

    private Recorded recorded() {
        return outcomes.stream()
                .flatMap(outcome -> outcome instanceof Recorded page ? Stream.of(page) : Stream.empty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("expected a record of " + url + " but was " + outcomes));
    }

    private Expectation with(Recorded page) {
        return new Expectation(
                url,
                atLeast,
                atMost,
                outcomes.stream()
                        .map(outcome -> outcome instanceof Recorded ? page : outcome)
                        .toList());
    }
}
