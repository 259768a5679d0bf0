package dev.thrum.testkit.web;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that the servers of a web have received, in order. Safe for concurrent use. */
public final class WebLog {
    private static final String ROBOTS = "/robots.txt";

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Asked> requests = new ArrayList<>();

    @GuardedBy("lock")
    private final Map<String, Integer> visits = new TreeMap<>();

    @GuardedBy("lock")
    private int connections;

    void connected() {
        lock.lock();
        try {
            connections++;
        } finally {
            lock.unlock();
        }
    }

    /** A place in the log, whose response has not ended yet. */
    record Entry(int index, int visit) {}

    Entry began(Asked asked) {
        lock.lock();
        try {
            requests.add(asked);
            return new Entry(requests.size() - 1, visits.merge(asked.url(), 1, Integer::sum));
        } finally {
            lock.unlock();
        }
    }

    void sending(Entry entry, long now) {
        lock.lock();
        try {
            Asked old = requests.get(entry.index());
            requests.set(
                    entry.index(),
                    new Asked(
                            old.connection(),
                            old.method(),
                            old.host(),
                            old.target(),
                            old.fields(),
                            old.arrived(),
                            now));
        } finally {
            lock.unlock();
        }
    }

    /** All requests so far, in the order of their arrival. */
    public List<Asked> all() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    /** The connections that were opened, also those without a request. */
    public int connections() {
        lock.lock();
        try {
            return connections;
        } finally {
            lock.unlock();
        }
    }

    /** The number of requests for this URL, in whatever spelling that means the same. */
    public int count(String url) {
        lock.lock();
        try {
            return visits.getOrDefault(Targets.canonicalUrl(url), 0);
        } finally {
            lock.unlock();
        }
    }

    /** The number of requests for URLs that begin like this. */
    public int countBelow(String prefix) {
        return (int)
                all().stream().filter(asked -> asked.url().startsWith(prefix)).count();
    }

    /** The time from the end of the n-th response for a URL to the next request to its host; empty if there was none. */
    public Optional<Duration> restAfter(String url, int visit) {
        List<Asked> all = all();
        int seen = 0;
        for (int at = 0; at < all.size(); at++) {
            Asked asked = all.get(at);
            if (asked.url().equals(url) && ++seen == visit) {
                return all.subList(at + 1, all.size()).stream()
                        .filter(next -> next.host().equals(asked.host()))
                        .findFirst()
                        .map(asked::until);
            }
        }
        return Optional.empty();
    }

    /** The hosts that were asked for something, with their ports. */
    public Set<String> hosts() {
        Set<String> hosts = new TreeSet<>();
        all().forEach(asked -> hosts.add(asked.host()));
        return hosts;
    }

    /** The requests to this host, in order. */
    public List<Asked> of(String host) {
        return all().stream().filter(asked -> asked.host().equals(host)).toList();
    }

    /**
     * The times between the end of a response of this host and the next request to it; negative where the next one came before
     * the end. The robots.txt counts.
     */
    public List<Duration> pauses(String host) {
        List<Asked> asked = of(host);
        List<Duration> pauses = new ArrayList<>();
        for (int at = 1; at < asked.size(); at++) {
            pauses.add(asked.get(at - 1).until(asked.get(at)));
        }
        return pauses;
    }

    /** The greatest number of requests that this host responded to at once. */
    public int mostAtOnce(String host) {
        record Edge(long time, int step) {}
        List<Edge> edges = new ArrayList<>();
        for (Asked asked : of(host)) {
            edges.add(new Edge(asked.arrived(), 1));
            edges.add(new Edge(Math.max(asked.ended(), asked.arrived() + 1), -1));
        }
        // An end before a beginning at the same time.
        edges.sort(Comparator.comparingLong(Edge::time).thenComparingInt(Edge::step));
        int now = 0;
        int most = 0;
        for (Edge edge : edges) {
            now += edge.step();
            most = Math.max(most, now);
        }
        return most;
    }

    /** The hosts of which something was requested before their robots.txt. */
    public Set<String> askedBeforeRobots() {
        Set<String> known = new TreeSet<>();
        Set<String> rude = new TreeSet<>();
        for (Asked asked : all()) {
            if (asked.target().equals(ROBOTS)) {
                known.add(asked.host());
            } else if (!known.contains(asked.host())) {
                rude.add(asked.host());
            }
        }
        return rude;
    }
}
