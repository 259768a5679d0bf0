package dev.thrum.crawl.url;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.http.client.url.Url;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Parameters that name a session and not a page, such as {@code ;jsessionid=…} and {@code ?sid=…}: sites that put a new
 * one into the links of each page have endlessly many URLs for each of their pages. Thread-safe.
 *
 * <p>They are recognized by content. Two pages of a host whose URLs differ only in the value of one parameter, with
 * values that look like tokens, speak for it if their texts are equal, and against it if not. A parameter is taken for
 * one of sessions when pages with {@value Evidence#CONTENTS} different texts speak for it (one that is always the same
 * may be a login form), and for each pair against it at least {@value Evidence#FOR_EACH} are for it. Its name doesn't
 * matter, and no value is taken for a session only because it looks like one.
 *
 * <p>From then on, the parameter is dropped from the identity of URLs, not from the URLs: a URL that has it is fetched
 * as it is, since many sites answer nothing else, unless {@linkplain #withoutSession the URL without it} is known. Then
 * it is skipped with the reason {@link Skip.Reason#SESSION}. Since many such URLs may wait when a parameter is
 * recognized, that is decided again right before a URL is fetched; the URL without the parameter becomes known when one
 * with it was fetched. A page that was fetched with a session before the parameter was recognized is fetched once more;
 * none is lost.
 *
 * <p>The memory is bounded: {@value #PAGES} pages to compare with, of which newer ones replace older ones, {@value
 * #CANDIDATES} parameters that something speaks for or against, and {@value #HOSTS} hosts with {@value #NAMES} session
 * parameters each; what is beyond isn't learned, and then the budgets of {@link Traps} end it. Nothing is written; who
 * resumes a crawl calls {@link #learn} for what {@link #pageDone} has returned before.
 */
public final class SessionParameters {
    private static final int PAGES = 1 << 15;
    private static final int CANDIDATES = 4_096;
    private static final int HOSTS = 10_000;
    private static final int NAMES = 8;

    private final UrlIdentity identity;

    /** The names that have been learned, by host. Replaced as wholes, under the lock; read by any thread. */
    private final Map<String, Set<String>> learned = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** By the key of a page without its parameter: that key, a hash of the parameter's value, and the page's text. */
    @GuardedBy("lock")
    private final long[] keys = new long[PAGES];

    @GuardedBy("lock")
    private final int[] values = new int[PAGES];

    @GuardedBy("lock")
    private final long[] texts = new long[PAGES];

    @GuardedBy("lock")
    private final SequencedMap<Candidate, Evidence> candidates = new LinkedHashMap<>();

    /**
     * Session parameters of one crawl; none is known yet.
     *
     * @param identity what makes two of its URLs the same
     */
    public SessionParameters(UrlIdentity identity) {
        this.identity = identity;
    }

    private record Candidate(String host, String name) {}

    /** What speaks for a parameter and against it. Owned by the map of candidates, and guarded by its lock. */
    private static final class Evidence {
        static final int CONTENTS = 3;
        static final int FOR_EACH = 8;

        /** Different texts that were equal for two values; at most {@value #CONTENTS}. */
        private final List<Long> contents = new ArrayList<>(CONTENTS);

        private int equal;
        private int different;

        /** Adds a pair of pages; returns whether it is enough. */
        boolean add(long text, long other) {
            if (text != other) {
                different++;
                return false;
            }
            equal++;
            if (contents.size() < CONTENTS && !contents.contains(text)) {
                contents.add(text);
            }
            return contents.size() == CONTENTS && equal >= FOR_EACH * different;
        }
    }

    /**
     * Whether the text of the page with this URL is of use to {@link #pageDone}: whether a parameter's value looks like
     * a token.
     */
    public boolean isOfUse(Url url) {
        return !tokens(Parameter.target(url)).isEmpty();
    }

    /**
     * A page has been fetched.
     *
     * @param text a hash of what people read on it, so without its links: these have session ids in them, so that
     *     hardly two bodies are equal
     * @return the names of the parameters that are known as those of sessions on this host since this page
     */
    public Set<String> pageDone(Url url, long text) {
        String target = Parameter.target(url);
        List<Parameter> tokens = tokens(target);
        Set<String> names = new TreeSet<>();
        for (Parameter token : tokens) {
            Url without = Url.parse(url.origin() + token.removedFrom(target));
            long key = (identity.key(without).low() + token.name().hashCode()) | 1;
            lock.lock();
            try {
                if (speaksFor(
                                new Candidate(url.hostAndPort(), token.name()),
                                key,
                                token.value().hashCode(),
                                text)
                        && learnLocked(url.hostAndPort(), token.name())) {
                    names.add(token.name());
                }
            } finally {
                lock.unlock();
            }
        }
        return names;
    }

    private static List<Parameter> tokens(String target) {
        return Parameter.of(target).stream()
                .filter(parameter -> Tokens.isTokenLike(parameter.value()))
                .toList();
    }

    /** Whether there is enough for a candidate, with a page that is remembered from now on. */
    @GuardedBy("lock")
    private boolean speaksFor(Candidate candidate, long key, int value, long text) {
        int entry = (int) (key >>> 1) & (PAGES - 1);
        boolean isPair = keys[entry] == key && values[entry] != value;
        boolean isEnough = isPair && evidence(candidate).add(text, texts[entry]);
        keys[entry] = key;
        values[entry] = value;
        texts[entry] = text;
        return isEnough;
    }

    @GuardedBy("lock")
    private Evidence evidence(Candidate candidate) {
        if (candidates.size() == CANDIDATES && !candidates.containsKey(candidate)) {
            var _ = candidates.pollFirstEntry();
        }
        return candidates.computeIfAbsent(candidate, _ -> new Evidence());
    }

    /**
     * Takes a parameter for one of sessions, as {@link #pageDone} has found in an earlier run.
     *
     * @param host with its port unless that is the scheme's own
     * @param name with a semicolon before it if it is in the path
     */
    public void learn(String host, String name) {
        lock.lock();
        try {
            var _ = learnLocked(host, name);
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is new and there is room for it. */
    @GuardedBy("lock")
    private boolean learnLocked(String host, String name) {
        Set<String> before = learned.getOrDefault(host, Set.of());
        boolean isRoom = before.isEmpty() ? learned.size() < HOSTS : before.size() < NAMES;
        if (before.contains(name) || !isRoom) {
            return false;
        }
        Set<String> names = new TreeSet<>(before);
        names.add(name);
        learned.put(host, Set.copyOf(names));
        return true;
    }

    /** The URL without the parameters that are known as those of sessions; empty if it has none. */
    public Optional<Url> withoutSession(Url url) {
        Set<String> names = learned.get(url.hostAndPort());
        if (names == null) {
            return Optional.empty();
        }
        String whole = Parameter.target(url);
        String target = whole;
        for (Parameter parameter : Parameter.of(whole).reversed()) {
            target = names.contains(parameter.name()) ? parameter.removedFrom(target) : target;
        }
        return target.equals(whole) ? Optional.empty() : Optional.of(Url.parse(url.origin() + target));
    }
}
