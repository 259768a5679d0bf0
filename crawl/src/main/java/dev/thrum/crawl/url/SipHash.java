package dev.thrum.crawl.url;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.crawl.frontier.Fingerprint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with a result of 128 bits, after J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF"
 * (2012). Without the key, nobody can choose texts whose hashes are equal. That holds for no faster hash such as
 * MurmurHash3: texts collide there whatever the seed is. Immutable.
 */
final class SipHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;

    /** A hash with this key of 128 bits, whose bytes are in little-endian order in the paper. */
    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** The hash of a text in ASCII, as all URLs are. */
    Fingerprint hash(String text) {
        return hash(text.getBytes(ISO_8859_1));
    }

    /** The hash of bytes. */
    Fingerprint hash(byte[] bytes) {
        State state = new State(key0, key1);
        int whole = bytes.length & -Long.BYTES;
        for (int at = 0; at < whole; at += Long.BYTES) {
            state.add((long) LONGS.get(bytes, at));
        }
        long last = (long) bytes.length << 56;
        for (int at = whole; at < bytes.length; at++) {
            last |= (bytes[at] & 0xffL) << ((at - whole) * Byte.SIZE);
        }
        state.add(last);
        return state.finish();
    }

    /** The four words of one computation. Owned by the call that makes it. */
    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        void add(long word) {
            v3 ^= word;
            rounds(2);
            v0 ^= word;
        }

        Fingerprint finish() {
            v2 ^= 0xee;
            rounds(4);
            long high = v0 ^ v1 ^ v2 ^ v3;
            v1 ^= 0xdd;
            rounds(4);
            return new Fingerprint(high, v0 ^ v1 ^ v2 ^ v3);
        }

        private void rounds(int count) {
            for (int i = 0; i < count; i++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
        }
    }
}
