package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.html.Link;
import dev.thrum.http.client.url.Url;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which links of a page are followed. Safe for concurrent use.
 *
 * @param obeysNofollow whether marks on links and pages are obeyed
 */
record LinkRules(LinkJudge judge, boolean obeysNofollow) {
    /** The types of {@code link} elements that lead to pages. */
    private static final Set<String> LEADING = Set.of("canonical", "next", "prev", "alternate");

    /** Whether a link may lead to a page. */
    static boolean leadsToPage(Link link) {
        return link.kind() != Link.Kind.LINK
                || (Arrays.stream(link.rel().split(" ", -1)).anyMatch(LEADING::contains)
                        && !link.rel().contains("stylesheet"));
    }

    /**
     * The candidates of links that were recorded.
     *
     * @param isNofollow whether the page asks not to follow its links
     */
    List<Candidate> candidates(KnownUrl page, List<LinkRecord> links, boolean isNofollow) {
        List<Candidate> candidates = new ArrayList<>();
        for (LinkRecord link : links) {
            Link.Kind kind = link.isElement() ? Link.Kind.LINK : Link.Kind.ANCHOR;
            Link read = new Link(link.to(), link.rel() == null ? "" : link.rel(), "", kind);
            if (leadsToPage(read)) {
                candidates.add(candidate(page, read, Url.parse(link.to()), isNofollow));
            }
        }
        return candidates;
    }

    /**
     * The candidate of a link that leads to a page.
     *
     * @param target of the link
     * @param isNofollow whether the page asks not to follow its links
     */
    Candidate candidate(KnownUrl page, Link link, Url target, boolean isNofollow) {
        Candidate candidate = judge.candidate(target, page.depth() + 1, page.url(), Kind.PAGE);
        if (obeysNofollow && isNofollow) {
            return LinkJudge.notFollowed(candidate, "the page asks not to follow its links");
        }
        return obeysNofollow && link.isNoFollow()
                ? LinkJudge.notFollowed(candidate, "the link asks not to be followed")
                : candidate;
    }
}
