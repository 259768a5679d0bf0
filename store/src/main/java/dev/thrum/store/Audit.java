package dev.thrum.store;

import java.math.BigInteger;
import java.util.List;

/**
 * The ledger added up, at one moment.
 *
 * @param total of all balances, in minor units
 * @param differences what does not agree with the history, a line each; at most a hundred
 */
public record Audit(long accounts, long entries, BigInteger total, List<String> differences) {
    public Audit {
        differences = List.copyOf(differences);
    }

    public boolean isSound() {
        return differences.isEmpty();
    }
}
