package dev.thrum.simulation;

import java.security.SecureRandom;
import java.util.Random;

/** Random numbers for TLS that are the same in every run. Owned by the simulation's threads, of which one runs at a time. */
final class SeededSecureRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final Random random;

    SeededSecureRandom(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }

    @Override
    public byte[] generateSeed(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
