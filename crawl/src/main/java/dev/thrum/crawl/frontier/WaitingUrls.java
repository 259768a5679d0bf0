package dev.thrum.crawl.frontier;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The positions of the URLs that wait: a queue for each shape of each host, and the order in which the shapes of a host take turns.
 *
 * <p>An entry costs 12 bytes, and a shape with waiting URLs about 24, because many sites have a shape for each page. Therefore there are no objects:
 * a queue is a circular list of entries, of which its shape has the last, and the shapes of a host are one, too. Two shapes of a host whose
 * 32 bits are equal share a queue. URLs of a queue whose records follow each other in the journal, as those of the links of a page often do, are
 * one entry: only the first position is kept. Guarded by the lock of its frontier.
 */
final class WaitingUrls {
    /** The fields of an entry: the position of its first URL, with how many follow it in the upper bits of the segment, and the next entry. */
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

    /** Segments with numbers of this many bits have 140 TB. No segment is 0. */
    private static final int SEGMENT_BITS = 24;

    private static final int ONE_MORE = 1 << SEGMENT_BITS;
    private static final int MOST_MORE = 255;

    private final IntPages entries = new IntPages(3);
    private final IntPages shapes = new IntPages(5);
    private final Map<String, Host> hosts = new HashMap<>();
    private int[] buckets = none(64);
    private int shapeCount;
    private int nextHost;
    private long size;

    /** The entry that has the URL which was added last, and where its record ends. */
    private int newest = NONE;

    private long newestEnd;

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

    /**
     * Adds a URL.
     *
     * @param length of its record
     */
    void addLast(String host, long shape, long position, int length) {
        Host known = host(host);
        int key = key(shape);
        int queue = find(known, key);
        if (queue != NONE && shapes.get(queue, LAST) == newest && position == newestEnd && more(newest) < MOST_MORE) {
            entries.set(newest, SEGMENT, entries.get(newest, SEGMENT) + ONE_MORE);
        } else {
            newest = entry(position);
            if (queue == NONE) {
                addShape(known, key, newest);
            } else {
                addAfterLast(queue, newest);
                shapes.set(queue, LAST, newest);
            }
        }
        newestEnd = position + length;
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
        setPosition(entry, position, 0);
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

    /** The position of the next URL of a host; -1 if none waits. */
    long first(String name) {
        Host host = hosts.get(name);
        return host == null ? -1 : position(firstEntry(shapes.get(host.last, TURN)));
    }

    private int firstEntry(int shape) {
        return entries.get(shapes.get(shape, LAST), NEXT);
    }

    /**
     * Removes the next URL of a host, which has one.
     *
     * @param length of its record
     */
    void removeFirst(String name, int length) {
        Host host = Objects.requireNonNull(hosts.get(name));
        int shape = shapes.get(host.last, TURN);
        int first = firstEntry(shape);
        int last = shapes.get(shape, LAST);
        if (more(first) > 0) {
            entries.set(first, SEGMENT, entries.get(first, SEGMENT) - ONE_MORE);
            entries.set(first, OFFSET, entries.get(first, OFFSET) + length);
            host.last = shape;
        } else if (first == last) {
            removeShape(host, shape);
            free(first);
        } else {
            entries.set(last, NEXT, entries.get(first, NEXT));
            host.last = shape;
            free(first);
        }
        host.waiting--;
        size--;
        if (host.waiting == 0) {
            hosts.remove(name);
        }
    }

    private void free(int entry) {
        entries.set(entry, SEGMENT, 0);
        entries.free(entry);
        newest = entry == newest ? NONE : newest;
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
            if (segment(entry) == segment) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = (long) entries.get(entry, OFFSET) << Integer.SIZE | entry;
            }
        }
        Arrays.sort(found, 0, count);
        return Arrays.copyOf(found, count);
    }

    /** How many URLs an entry has; the records of all follow each other. */
    int count(int entry) {
        return 1 + more(entry);
    }

    private int more(int entry) {
        return entries.get(entry, SEGMENT) >>> SEGMENT_BITS;
    }

    private int segment(int entry) {
        return entries.get(entry, SEGMENT) & ONE_MORE - 1;
    }

    private long position(int entry) {
        return Segment.position(segment(entry), entries.get(entry, OFFSET));
    }

    /** Notes where the records of an entry are now. */
    void setPosition(int entry, long position) {
        setPosition(entry, position, more(entry));
    }

    private void setPosition(int entry, long position, int more) {
        entries.set(entry, SEGMENT, Segment.number(position) | more << SEGMENT_BITS);
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
