package dev.thrum.simulation.explore.code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sites of the code of a program, and the numbers of its fields. Classes are rewritten when they are first used, so
 * the list grows during the first runs.
 *
 * <p>Used by one exploration at a time, on the thread that runs it.
 */
public final class Sites {
    /** Elements of arrays have their index as key, fields of objects small numbers, static fields numbers from here. */
    public static final int STATIC_KEYS = 1 << 24;

    private final List<Site> sites = new ArrayList<>();
    private final Map<String, Integer> keys = new HashMap<>();

    private int[] keyOf = new int[256];
    private boolean[] writes = new boolean[256];

    int add(Site site) {
        int number = sites.size();
        sites.add(site);
        if (number == keyOf.length) {
            keyOf = java.util.Arrays.copyOf(keyOf, 2 * number);
            writes = java.util.Arrays.copyOf(writes, 2 * number);
        }
        keyOf[number] = site.key();
        writes[number] = site.access() == Site.Access.WRITE;
        return number;
    }

    /** The number of an instance field: equal for equal names, so that a field is the same through all subclasses. */
    int instanceKey(String name) {
        return keys.computeIfAbsent(name, _ -> keys.size() + 1);
    }

    /** The number of a static field. */
    int staticKey(String ownerAndName) {
        return STATIC_KEYS + keys.computeIfAbsent(ownerAndName, _ -> keys.size() + 1);
    }

    public Site get(int number) {
        return sites.get(number);
    }

    public int size() {
        return sites.size();
    }

    public int key(int number) {
        return keyOf[number];
    }

    public boolean writes(int number) {
        return writes[number];
    }
}
