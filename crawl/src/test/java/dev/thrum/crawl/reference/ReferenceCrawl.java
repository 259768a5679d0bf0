package dev.thrum.crawl.reference;

import dev.thrum.crawl.text.PageText;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.RedirectException;
import dev.thrum.http.client.Redirects;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.client.url.UrlException;
import dev.thrum.testkit.web.CrawlRecords;
import dev.thrum.testkit.web.WebMap;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The simplest crawl that is right about pages: one thread, a tree of each page, no robots.txt, no second attempt. It shows that
 * the expectations of a scripted web can be met, by other code than the crawler's.
 */
final class ReferenceCrawl implements CrawlRecords {
    private static final int MOST = 8 * 1024 * 1024;
    private static final int LONGEST = 2_048;
    private static final String PAGE_LINKS = "a[href], area[href], link[rel=canonical][href]";

    private final HttpClient client;
    private final WebMap map;
    private final Set<String> scope = new HashSet<>();
    private final Map<String, Page> pages = new HashMap<>();
    private final Map<String, String> skipped = new HashMap<>();
    private final Set<String> requested = new HashSet<>();
    private final Map<Integer, String> firstOfContent = new HashMap<>();
    private final Queue<Url> queue = new ArrayDeque<>();

    ReferenceCrawl(HttpClient client, WebMap map) {
        this.client = client;
        this.map = map;
    }

    ReferenceCrawl run() {
        map.seeds().forEach(seed -> scope.add(Url.parse(seed).origin()));
        map.seeds().forEach(seed -> queue.add(Url.parse(seed)));
        for (Url url = queue.poll(); url != null; url = queue.poll()) {
            String key = key(url);
            if (requested.add(key)) {
                skipped.remove(key);
                fetch(url, key);
            }
        }
        return this;
    }

    private static String key(Url url) {
        return WebMap.canonical(url.withoutFragment().href());
    }

    private void fetch(Url url, String key) {
        Redirects redirects = Redirects.within(hop -> scope.contains(hop.origin()) && isFresh(hop, key));
        try {
            Redirects.Outcome outcome = redirects.send(client, ClientRequest.get(url.withoutFragment()));
            try (ClientResponse response = outcome.response()) {
                read(response, outcome.url(), key);
            }
        } catch (RedirectException e) {
            pages.put(key, new Page(302, false, true, null, null, null));
        } catch (IOException e) {
            pages.put(key, new Page(0, false, true, null, null, null));
        }
    }

    /** A page that a redirect leads to is not requested again. */
    private boolean isFresh(Url hop, String first) {
        String key = key(hop);
        return key.equals(first) || requested.add(key);
    }

    private void read(ClientResponse response, Url url, String key) {
        byte[] body = new byte[MOST];
        int size = 0;
        boolean cut = false;
        try {
            size = response.body().readNBytes(body, 0, MOST);
            cut = size == MOST && response.body().read() >= 0;
        } catch (EOFException e) {
            cut = true;
        } catch (IOException e) {
            pages.put(key, new Page(response.status(), true, true, null, url.href(), null));
            return;
        }
        String type = response.header("Content-Type").orElse("");
        byte[] whole = Arrays.copyOf(body, size);
        String same = size == 0 ? null : firstOfContent.putIfAbsent(Arrays.hashCode(whole), key);
        boolean isPage = response.status() == 200 && looksLikePage(type, whole);
        Document page = isPage ? Jsoup.parse(PageText.decode(whole, type).text(), url.href()) : new Document("");
        pages.put(key, new Page(response.status(), cut, false, title(page), key(url), same));
        if (same == null) {
            follow(page, url, directives(response));
        }
    }

    private static boolean looksLikePage(String type, byte[] body) {
        boolean image = body.length > 3 && body[1] == 'P' && body[2] == 'N' && body[3] == 'G';
        String lower = type.toLowerCase(Locale.ROOT);
        return !image && (lower.isEmpty() || lower.startsWith("text/html") || lower.startsWith("application/xhtml"));
    }

    private static String title(Document page) {
        Element title = page.selectFirst("title:not(svg title)");
        return title == null
                ? ""
                : title.text().replaceAll("[ \\t\\r\\n\\f]+", " ").strip();
    }

    private String directives(ClientResponse response) {
        StringBuilder all = new StringBuilder();
        for (String value : response.headers().all("X-Robots-Tag")) {
            String lower = value.toLowerCase(Locale.ROOT);
            String agent = map.plan().agent() + ":";
            if (lower.startsWith(agent)) {
                all.append(lower.substring(agent.length()));
            } else if (!lower.contains(":")) {
                all.append(lower);
            }
            all.append(',');
        }
        return all.toString();
    }

    private void follow(Document page, Url url, String directives) {
        StringBuilder all = new StringBuilder(directives);
        for (Element meta :
                page.select("meta[name=robots], meta[name=" + map.plan().agent() + "]")) {
            all.append(meta.attr("content").toLowerCase(Locale.ROOT)).append(',');
        }
        List<String> rules = List.of(all.toString().split("[,\\s]+", -1));
        boolean none = rules.contains("nofollow") || rules.contains("none");
        Url base = base(page, url);
        for (Element link : page.select(PAGE_LINKS)) {
            boolean no = none
                    || List.of(link.attr("rel").toLowerCase(Locale.ROOT).split("\\s+", -1))
                            .contains("nofollow");
            found(link.attr("href"), base, no);
        }
    }

    private static Url base(Document page, Url url) {
        Element base = page.selectFirst("base[href]");
        try {
            return base == null ? url : url.resolve(base.attr("href"));
        } catch (UrlException e) {
            return url;
        }
    }

    private void found(String href, Url base, boolean nofollow) {
        Url url;
        try {
            url = base.resolve(href);
        } catch (UrlException e) {
            skipped.put(href, "malformed");
            return;
        }
        String key = key(url);
        if (requested.contains(key)) {
            return;
        }
        if (!scope.contains(url.origin())) {
            skipped.put(key, "scope");
        } else if (key.length() > LONGEST) {
            skipped.put(key, "trap");
        } else if (nofollow) {
            skipped.putIfAbsent(key, "nofollow");
        } else {
            queue.add(url);
        }
    }

    @Override
    public Optional<Page> page(String url) {
        return Optional.ofNullable(pages.get(url));
    }

    @Override
    public Optional<String> skipped(String url) {
        return Optional.ofNullable(skipped.get(url));
    }
}
