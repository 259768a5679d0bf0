package dev.thrum.crawl.frontier;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The positions of the URLs that wait: a queue for each shape of each host, and the order in which the shapes of a host take turns.
 *
 * <p>A URL costs 12 bytes, and a shape with waiting URLs about 24, because many sites have a shape for each page. Therefore there are no objects:
 * a queue is a circular list of entries, of which its shape has the last, and the shapes of a host are one, too. Two shapes of a host whose
 * 32 bits are equal share a queue. Guarded by the lock of its frontier.
 */
final class WaitingUrls {
    /** The fields of an entry: its position, in which no segment is 0, and the next one. */
    private static final int SEGMENT = 0;

    private static final int OFFSET = 1;
    private static final int NEXT = 2;

    /** The fields of a shape: whose it is, its last entry, the shape that has the next turn, and the next one with the same hash. */
    private static final int HOST = 0;

    private static final int KEY = 1;
    private static final int LAST = 2;
    private static final int TURN = 3;
    private static final int CHAIN = 4;

    private static final int NONE = -1;

    private final IntPages entries = new IntPages(3);
    private final IntPages shapes = new IntPages(5);
    private final Map<String, Host> hosts = new HashMap<>();
    private int[] buckets = none(64);
    private int shapeCount;
    private int nextHost;
    private long size;

    /** A host with waiting URLs. */
    private static final class Host {
        private final int id;
        private long waiting;

        /** The shape whose turn was last: the next one is after it. */
        private int last = NONE;

        private Host(int id) {
            this.id = id;
        }
    }

    private static int[] none(int count) {
        int[] all = new int[count];
        Arrays.fill(all, NONE);
        return all;
    }

    long size() {
        return size;
    }

    long size(String host) {
        Host known = hosts.get(host);
        return known == null ? 0 : known.waiting;
    }

    /** The hosts with waiting URLs, and how many. */
    Map<String, Long> sizes() {
        Map<String, Long> all = LinkedHashMap.newLinkedHashMap(hosts.size());
        hosts.forEach((name, host) -> all.put(name, host.waiting));
        return all;
    }

    void addLast(String host, long shape, long position) {
        Host known = host(host);
        int key = key(shape);
        int queue = find(known, key);
        int entry = entry(position);
        if (queue == NONE) {
            addShape(known, key, entry);
        } else {
            addAfterLast(queue, entry);
            shapes.set(queue, LAST, entry);
        }
    }

    void addFirst(String host, long shape, long position) {
        Host known = host(host);
        int key = key(shape);
        int queue = find(known, key);
        int entry = entry(position);
        if (queue == NONE) {
            addShape(known, key, entry);
        } else {
            addAfterLast(queue, entry);
        }
    }

    private Host host(String name) {
        Host host = hosts.computeIfAbsent(name, _ -> new Host(nextHost++));
        host.waiting++;
        size++;
        return host;
    }

    private int entry(long position) {
        int entry = entries.allocate();
        setPosition(entry, position);
        return entry;
    }

    private void addAfterLast(int queue, int entry) {
        int last = shapes.get(queue, LAST);
        entries.set(entry, NEXT, entries.get(last, NEXT));
        entries.set(last, NEXT, entry);
    }

    private void addShape(Host host, int key, int entry) {
        entries.set(entry, NEXT, entry);
        int shape = shapes.allocate();
        shapes.set(shape, HOST, host.id);
        shapes.set(shape, KEY, key);
        shapes.set(shape, LAST, entry);
        if (host.last == NONE) {
            shapes.set(shape, TURN, shape);
        } else {
            shapes.set(shape, TURN, shapes.get(host.last, TURN));
            shapes.set(host.last, TURN, shape);
        }
        host.last = shape;
        if (shapeCount == 2 * buckets.length) {
            rehash();
        }
        chain(shape);
        shapeCount++;
    }

    /** Takes the next URL of a host. Returns its position; -1 if none waits. */
    long take(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            return -1;
        }
        int shape = shapes.get(host.last, TURN);
        int last = shapes.get(shape, LAST);
        int first = entries.get(last, NEXT);
        if (first == last) {
            removeShape(host, shape);
        } else {
            entries.set(last, NEXT, entries.get(first, NEXT));
            host.last = shape;
        }
        host.waiting--;
        size--;
        if (host.waiting == 0) {
            hosts.remove(name);
        }
        long position = Segment.position(entries.get(first, SEGMENT), entries.get(first, OFFSET));
        entries.set(first, SEGMENT, 0);
        entries.free(first);
        return position;
    }

    /** Removes the shape that has the turn. */
    private void removeShape(Host host, int shape) {
        shapes.set(host.last, TURN, shapes.get(shape, TURN));
        unchain(shape);
        shapes.free(shape);
        shapeCount--;
    }

    /** The entries whose positions are in a segment: offset and, in the lower half, entry, by offset. */
    long[] within(int segment) {
        long[] found = new long[16];
        int count = 0;
        for (int entry = 0; entry < entries.size(); entry++) {
            if (entries.get(entry, SEGMENT) == segment) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = (long) entries.get(entry, OFFSET) << Integer.SIZE | entry;
            }
        }
        Arrays.sort(found, 0, count);
        return Arrays.copyOf(found, count);
    }

    void setPosition(int entry, long position) {
        entries.set(entry, SEGMENT, Segment.number(position));
        entries.set(entry, OFFSET, Segment.offset(position));
    }

    private static int key(long shape) {
        return (int) ((shape * 0x9E3779B97F4A7C15L) >>> Integer.SIZE);
    }

    private int bucket(int host, int key) {
        return ((host * 0x85EBCA6B + key) * 0x9E3779B1) >>> Integer.numberOfLeadingZeros(buckets.length - 1);
    }

    private int find(Host host, int key) {
        int shape = buckets[bucket(host.id, key)];
        while (shape != NONE && !(shapes.get(shape, KEY) == key && shapes.get(shape, HOST) == host.id)) {
            shape = shapes.get(shape, CHAIN);
        }
        return shape;
    }

    private int bucket(int shape) {
        return bucket(shapes.get(shape, HOST), shapes.get(shape, KEY));
    }

    private void chain(int shape) {
        int bucket = bucket(shape);
        shapes.set(shape, CHAIN, buckets[bucket]);
        buckets[bucket] = shape;
    }

    private void unchain(int shape) {
        int bucket = bucket(shape);
        int rest = shapes.get(shape, CHAIN);
        if (buckets[bucket] == shape) {
            buckets[bucket] = rest;
            return;
        }
        int before = buckets[bucket];
        while (shapes.get(before, CHAIN) != shape) {
            before = shapes.get(before, CHAIN);
        }
        shapes.set(before, CHAIN, rest);
    }

    private void rehash() {
        int[] old = buckets;
        buckets = none(old.length * 2);
        for (int first : old) {
            int shape = first;
            while (shape != NONE) {
                int next = shapes.get(shape, CHAIN);
                chain(shape);
                shape = next;
            }
        }
    }

    /** The size of all arrays. */
    long bytes() {
        return entries.bytes() + shapes.bytes() + (long) buckets.length * Integer.BYTES;
    }
}
