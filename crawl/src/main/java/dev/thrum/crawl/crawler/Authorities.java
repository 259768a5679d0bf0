package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.crawl.frontier.UrlsByHost;
import dev.thrum.crawl.shared.HostFacts;
import dev.thrum.crawl.shared.HostMemory;
import dev.thrum.http.client.url.Url;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The authorities that a crawl has met, and their hosts. Guarded by the lock of its {@link PoliteQueue}. */
final class Authorities {
    private final Clock clock;
    private final HostMemory memory;
    private final CrawlOptions.Pace pace;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, Authority> byName = new HashMap<>();

    /** @param memory what others have kept of hosts */
    Authorities(Clock clock, HostMemory memory, CrawlOptions.Pace pace) {
        this.clock = clock;
        this.memory = memory;
        this.pace = pace;
    }

    /** An authority, which is met now if it wasn't before. */
    Authority meet(String name) {
        Authority known = byName.get(name);
        if (known != null) {
            return known;
        }
        long now = clock.nanoTime();
        Host host = hosts.computeIfAbsent(Url.parse(name).host(), _ -> new Host(pace.perHost(), now));
        Authority authority = new Authority(name, host, pace.delay(), now);
        HostFacts facts = memory.recall(name);
        if (facts != null) {
            authority.recall(facts, now);
        }
        byName.put(name, authority);
        return authority;
    }

    /** An authority; null if it was not met, or belongs to another process meanwhile. */
    @Nullable
    Authority find(String name) {
        return byName.get(name);
    }

    /** What the next owner of authorities must know. */
    Map<String, HostFacts> facts(Predicate<String> names) {
        long now = clock.nanoTime();
        Map<String, HostFacts> facts = new TreeMap<>();
        byName.forEach((name, authority) -> {
            if (names.test(name)) {
                facts.put(name, authority.facts(now));
            }
        });
        return facts;
    }

    /**
     * Those that will take longest as far as that is known now, the slowest first, and what they wait for.
     *
     * @param retries URLs that are to be tried again, by authority
     */
    List<HostWait> slowest(UrlsByHost urls, Map<String, Authority.Retries> retries, int most) {
        long now = clock.nanoTime();
        Map<HostWait, Duration> waits = new HashMap<>();
        for (Authority authority : byName.values()) {
            authority
                    .wait(now, urls.waiting(authority.name), retries.get(authority.name))
                    .ifPresent(wait -> waits.put(wait, wait.time().plus(authority.delay.multipliedBy(wait.urls()))));
        }
        return waits.entrySet().stream()
                .sorted(Map.Entry.<HostWait, Duration>comparingByValue()
                        .reversed()
                        .thenComparing(wait -> wait.getKey().host()))
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Forgets authorities; returns their hosts, which are not asked any more. All authorities of a host are forgotten together. */
    Set<Host> forget(Predicate<String> names) {
        Set<Host> forgotten = new HashSet<>();
        byName.values().forEach(authority -> {
            if (names.test(authority.name)) {
                forgotten.add(authority.host);
            }
        });
        byName.values().removeIf(authority -> forgotten.contains(authority.host));
        hosts.values().removeAll(forgotten);
        return forgotten;
    }

    /** Keeps what has changed for whoever owns an authority next. */
    void keep(Authority authority) {
        memory.keep(authority.name, authority.facts(clock.nanoTime()));
    }
}
