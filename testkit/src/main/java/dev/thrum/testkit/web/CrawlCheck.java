package dev.thrum.testkit.web;

import dev.thrum.testkit.web.Expectation.Absent;
import dev.thrum.testkit.web.Expectation.Outcome;
import dev.thrum.testkit.web.Expectation.Recorded;
import dev.thrum.testkit.web.Expectation.Skipped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Compares the requests and the outputs of a crawl with the plan of the web. */
public final class CrawlCheck {
    private final WebMap map;
    private final WebLog log;
    private final CrawlRecords records;
    private final List<String> problems = new ArrayList<>();

    private CrawlCheck(ScriptedWeb web, CrawlRecords records) {
        this.map = web.map();
        this.log = web.log();
        this.records = records;
    }

    /** The deviations of a crawl that has ended, which began at all seeds and had no limits; empty if there are none. */
    public static List<String> problems(ScriptedWeb web, CrawlRecords records) {
        CrawlCheck check = new CrawlCheck(web, records);
        check.checkGeneratedPages();
        check.map.expectations().forEach(check::check);
        check.map.bounds().forEach(check::check);
        check.map.rests().forEach(check::check);
        check.checkOutside();
        return List.copyOf(check.problems);
    }

    private void checkGeneratedPages() {
        map.pages()
                .map(page -> Expectation.fetched(page.url()).title(page.title()))
                .forEach(this::check);
    }

    private void check(Expectation expected) {
        int count = log.count(expected.url());
        if (count < expected.atLeast() || count > expected.atMost()) {
            problems.add("expected " + expected.atLeast() + " to " + expected.atMost() + " requests for "
                    + expected.url() + " but there were " + count);
        }
        if (!expected.outcomes().isEmpty()
                && expected.outcomes().stream().noneMatch(outcome -> holds(expected.url(), outcome))) {
            problems.add("expected of " + expected.url() + " one of " + expected.outcomes() + " but there was "
                    + records.page(expected.url()) + ", skipped " + records.skipped(expected.url()));
        }
    }

    private boolean holds(String url, Outcome outcome) {
        Optional<CrawlRecords.Page> page = records.page(url);
        Optional<String> skipped = records.skipped(url);
        return switch (outcome) {
            case Absent() -> page.isEmpty() && skipped.isEmpty();
            case Recorded wanted -> page.isPresent() && skipped.isEmpty() && isAs(page.get(), wanted);
            case Skipped(var reasons) ->
                page.isEmpty()
                        && skipped.isPresent()
                        && reasons.stream().anyMatch(reason -> reason.toString().equals(skipped.get()));
        };
    }

    private static boolean isAs(CrawlRecords.Page page, Recorded wanted) {
        return (wanted.status() == 0 || wanted.status() == page.status())
                && hasFlaw(page, wanted)
                && (wanted.title() == null || wanted.title().equals(Objects.requireNonNullElse(page.title(), "")))
                && (wanted.endsAt() == null || wanted.endsAt().equals(page.finalUrl()))
                && (wanted.duplicateOf() == null || wanted.duplicateOf().equals(page.duplicateOf()));
    }

    private static boolean hasFlaw(CrawlRecords.Page page, Recorded wanted) {
        return switch (wanted.flaw()) {
            case NONE -> !page.truncated() && !page.error();
            case TRUNCATED -> page.truncated();
            case ERROR -> page.error();
            case SOME -> page.truncated() || page.error();
            case ANY -> true;
        };
    }

    private void check(Bound bound) {
        int count = log.countBelow(bound.prefix());
        if (count > bound.most()) {
            problems.add("expected at most " + bound.most() + " requests below " + bound.prefix() + " but there were "
                    + count);
        }
    }

    private void check(Rest rest) {
        Optional<Duration> actual = log.restAfter(rest.url(), rest.visit());
        if (actual.isPresent() && actual.get().compareTo(rest.least()) < 0) {
            problems.add("expected no request for " + rest.least() + " after response " + rest.visit() + " for "
                    + rest.url() + " but the next came after " + actual.get());
        }
    }

    private void checkOutside() {
        List<Asked> outside = log.of(map.outside());
        if (!outside.isEmpty()) {
            problems.add("expected no request to " + map.outside() + " but there were " + outside);
        }
    }
}
