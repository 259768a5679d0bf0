package dev.thrum.store;

import java.math.BigInteger;
import java.util.List;

/**
 * The result of a check of the ledger's sums, at one moment.
 *
 * @param total sum of all balances, in minor units
 * @param differences a line for each figure that does not agree with the history; at most a hundred
 */
public record Audit(long accounts, long entries, BigInteger total, List<String> differences) {
    public Audit {
        differences = List.copyOf(differences);
    }

    public boolean isSound() {
        return differences.isEmpty();
    }
}
