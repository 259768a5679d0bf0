package dev.thrum.crawl.crawler;

import static java.util.Objects.requireNonNullElse;

import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.archive.SkippedRecord;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.crawler.CrawlTask.Found;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.shared.SharedUrls;
import dev.thrum.crawl.url.UrlIdentity;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import dev.thrum.pipeline.Item;
import dev.thrum.pipeline.StageRun;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of URLs that were found: they are added to the frontier, set aside, or left out.
 *
 * <p>If the depth of a crawl is limited, a page that is found again by a shorter path is expanded again: its links, as they were recorded, are
 * found again with the depth that it has now. So the pages of a crawl don't depend on the order in which it comes to them. Nothing is fetched or
 * recorded a second time.
 *
 * <p>Guarded by the lock of its {@link Recorder}.
 */
final class FoundUrls {
    private static final Kind REDIRECTED = Kind.PAGE.redirected();

    private final Frontier frontier;
    private final CrawlOutputs outputs;
    private final UrlIdentity identity;
    private final LinkRules rules;

    /** Where URLs go that are to be fetched; null if this process fetches all of them. */
    private final @Nullable SharedUrls shared;

    /** Null if the depth is not limited. */
    private final @Nullable PagePlaces places;

    /** Recorded pages that were found again with less depth. */
    private final Deque<Fingerprint> nearer = new ArrayDeque<>();

    private final Map<String, Long> skipped = new TreeMap<>();

    FoundUrls(CrawlFolder folder, LinkRules rules, @Nullable SharedUrls shared) {
        this.frontier = folder.frontier;
        this.outputs = folder.outputs;
        this.identity = folder.identity;
        this.rules = rules;
        this.shared = shared;
        this.places = shared == null ? folder.memory.places() : null;
    }

    /** Adds what nobody knows yet to the frontier, or records why it isn't followed. */
    void follow(Outcome.Found found, StageRun run) throws IOException, InterruptedException {
        for (SkippedRecord malformed : found.malformed()) {
            outputs.skipped(malformed);
            count(malformed.reason(), 1);
        }
        follow(found.candidates(), run);
    }

    private void follow(List<Candidate> candidates, StageRun run) throws IOException, InterruptedException {
        for (Candidate candidate : candidates) {
            if (candidate.mayComeAgain()) {
                setAside(candidate);
            } else if (shared != null && candidate.skip() == null) {
                shared.found(candidate.url());
            } else if (frontier.claim(candidate.url().fingerprint())) {
                follow(candidate, run);
            } else if (candidate.skip() == null) {
                lowerDepth(candidate.url().fingerprint(), candidate.url().depth());
            }
        }
    }

    private void follow(Candidate candidate, StageRun run) throws IOException, InterruptedException {
        NewUrl url = candidate.url();
        if (candidate.skip() != null) {
            skipped(url.url(), url.from(), candidate.skip());
            frontier.skip(
                    url.fingerprint(), url.depth(), Note.of(Note.Type.SKIPPED).bytes());
        } else {
            run.emit(FetchStage.FETCH, Item.of(url.url(), url.host(), new Found(url)));
        }
    }

    /** A URL that waits is fetched with its new depth; one that was recorded is expanded again. */
    private void lowerDepth(Fingerprint fingerprint, int depth) {
        if (places != null && frontier.lowerDepth(fingerprint, depth) && places.place(fingerprint) != PagePlaces.NONE) {
            nearer.add(fingerprint);
        }
    }

    /**
     * A page is recorded, and may be found again.
     *
     * @param original the page with the same body, which then is as near as this one; null if there is none
     */
    void recorded(KnownUrl url, Note note, @Nullable PageLine original) {
        if (places == null) {
            return;
        }
        if (original != null) {
            lowerDepth(identity.key(Url.parse(original.url())), url.depth());
        }
        if (Note.LEADING.contains(note.type())) {
            places.add(url.fingerprint(), note.place(), 0);
            // Since the page was taken, it may have been found again.
            if (frontier.depth(url.fingerprint()) < url.depth()) {
                nearer.add(url.fingerprint());
            }
        }
    }

    /** Expands the pages again that were found with less depth, and those that this makes nearer. */
    void followAgain(StageRun run) throws IOException, InterruptedException {
        for (Fingerprint next = nearer.poll(); next != null; next = nearer.poll()) {
            follow(candidates(next), run);
        }
    }

    private List<Candidate> candidates(Fingerprint fingerprint) throws IOException {
        if (places == null) {
            return List.of();
        }
        Note.Place place = places.lines(places.place(fingerprint));
        PageRecord page = outputs.pageAt(place.page()).page();
        PageRecord.Answer answer = page.answer();
        // The table knows a half of the fingerprint only.
        if (answer == null || !identity.key(Url.parse(page.url())).equals(fingerprint)) {
            return List.of();
        }
        KnownUrl known = new KnownUrl(
                fingerprint,
                page.url(),
                LinkJudge.host(Url.parse(page.url())),
                0,
                frontier.depth(fingerprint),
                requireNonNullElse(page.from(), ""),
                Kind.PAGE.code(),
                0);
        return answer.finalUrl().equals(page.url())
                ? rules.candidates(
                        known,
                        outputs.linksAt(place.links(), page.url()),
                        Revisits.directives(answer.robots()).nofollow())
                : target(known, answer.finalUrl());
    }

    private List<Candidate> target(KnownUrl known, String target) {
        try {
            return List.of(rules.judge().candidate(Url.parse(target), known.depth(), known.url(), REDIRECTED));
        } catch (UrlException e) {
            return List.of();
        }
    }

    /** Keeps a URL that isn't followed from here until the end shows whether it was found elsewhere. */
    private void setAside(Candidate candidate) {
        NewUrl url = candidate.url();
        Fingerprint other = Aside.other(url.fingerprint());
        if (!isKnown(url.fingerprint()) && frontier.claim(other)) {
            SkipReason reason = candidate.skip();
            boolean isDepth = reason != null && !reason.word().equals(SkipReason.NOFOLLOW);
            frontier.add(new NewUrl(
                    other, url.url(), Aside.LATER_FOUND, 0, url.depth(), url.from(), (byte) (isDepth ? 1 : 0)));
        }
    }

    private boolean isKnown(Fingerprint fingerprint) {
        return frontier.knows(fingerprint) || (shared != null && shared.knows(fingerprint));
    }

    /** Records the URLs that were set aside and found nowhere else; called at the end. */
    void recordAside() throws IOException {
        for (Optional<KnownUrl> next = frontier.next(Aside.LATER_FOUND);
                next.isPresent();
                next = frontier.next(Aside.LATER_FOUND)) {
            KnownUrl url = next.get();
            if (!isKnown(Aside.other(url.fingerprint()))) {
                skipped(
                        url.url(),
                        url.from(),
                        url.kind() == 1
                                ? new SkipReason("depth", url.depth() + " links from a seed")
                                : new SkipReason(SkipReason.NOFOLLOW, "only links that ask not to be followed"));
            }
            frontier.done(url, Note.of(Note.Type.SKIPPED).bytes());
        }
    }

    /** Records a URL that is left out. */
    void skipped(String url, String from, SkipReason reason) throws IOException {
        outputs.skipped(new SkippedRecord(url, from.isEmpty() ? null : from, reason.word(), reason.detail()));
        count(reason.word(), 1);
    }

    /** Some URLs more were left out for a reason. */
    void count(String reason, long more) {
        skipped.merge(reason, more, Long::sum);
    }

    /** How many URLs were left out, by reason; changed by this. */
    Map<String, Long> skipped() {
        return skipped;
    }
}
