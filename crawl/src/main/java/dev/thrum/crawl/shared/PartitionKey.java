package dev.thrum.crawl.shared;

/** Which partition a host belongs to: all its schemes and ports are together, as politeness is by the name of a host. */
final class PartitionKey {
    private PartitionKey() {}

    /**
     * The partition of an authority.
     *
     * @param authority such as {@code https://example.org:8443}
     */
    static int of(String authority, int count) {
        int begin = authority.indexOf("://") + 3;
        int colon = authority.lastIndexOf(':');
        // The colons of an IPv6 address are in brackets.
        int end = colon >= begin && colon > authority.lastIndexOf(']') ? colon : authority.length();
        long hash = 0xcbf29ce484222325L;
        for (int i = begin; i < end; i++) {
            hash = (hash ^ authority.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        hash *= 0x9e3779b97f4a7c15L;
        return (int) Math.unsignedMultiplyHigh(hash, count);
    }
}
