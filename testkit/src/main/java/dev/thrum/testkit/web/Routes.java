package dev.thrum.testkit.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The responders of one host besides its generated pages. Filled when the map is made, then never changed. */
final class Routes {
    private final Map<String, Responder> exact = new HashMap<>();
    private final TreeMap<String, Responder> below = new TreeMap<>();

    void put(String target, Responder responder) {
        exact.put(Targets.canonical(target), responder);
    }

    void putBelow(String prefix, Responder responder) {
        below.put(prefix, responder);
    }

    Optional<Responder> find(String target) {
        Responder found = exact.get(target);
        return Optional.ofNullable(found == null ? longest(target) : found);
    }

    private @Nullable Responder longest(String target) {
        for (Map.Entry<String, Responder> entry :
                below.headMap(target, true).descendingMap().entrySet()) {
            if (target.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }
}
