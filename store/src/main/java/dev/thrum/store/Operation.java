package dev.thrum.store;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * What is to be done with money.
 *
 * @param source the account it goes from, if any
 * @param target the account it goes to, if any
 * @param amount in minor units, from 1 to {@link Ledger#MOST}
 */
public record Operation(Kind kind, OptionalLong source, OptionalLong target, long amount) {
    /** Where it comes from and goes to. */
    public enum Kind {
        DEPOSIT,
        WITHDRAWAL,
        TRANSFER;

        /** As in the database and in answers. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    public Operation {
        if (amount < 1 || amount > Ledger.MOST) {
            throw new IllegalArgumentException("expected an amount from 1 to " + Ledger.MOST + " but was " + amount);
        }
        if (source.isEmpty() != (kind == Kind.DEPOSIT) || target.isEmpty() != (kind == Kind.WITHDRAWAL)) {
            throw new IllegalArgumentException(
                    "expected a " + kind.label() + " with its accounts but was from " + source + " to " + target);
        }
        if (source.isPresent() && source.equals(target)) {
            throw new IllegalArgumentException("expected two accounts but was " + source.getAsLong() + " twice");
        }
    }

    public static Operation deposit(long account, long amount) {
        return new Operation(Kind.DEPOSIT, OptionalLong.empty(), OptionalLong.of(account), amount);
    }

    public static Operation withdrawal(long account, long amount) {
        return new Operation(Kind.WITHDRAWAL, OptionalLong.of(account), OptionalLong.empty(), amount);
    }

    public static Operation transfer(long from, long to, long amount) {
        return new Operation(Kind.TRANSFER, OptionalLong.of(from), OptionalLong.of(to), amount);
    }
}
