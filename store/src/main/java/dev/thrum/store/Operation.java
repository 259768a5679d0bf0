package dev.thrum.store;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * A deposit, a withdrawal or a transfer that is to be carried out.
 *
 * @param source the account that the money comes from; empty for a deposit
 * @param target the account that the money goes to; empty for a withdrawal
 * @param amount in minor units, from 1 to {@link Ledger#MOST}
 */
public record Operation(Kind kind, OptionalLong source, OptionalLong target, long amount) {
    /** The kinds of operations. */
    public enum Kind {
        DEPOSIT,
        WITHDRAWAL,
        TRANSFER;

        /** The name in the database and in responses. */
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
            throw new IllegalArgumentException("expected two different accounts but both were " + source.getAsLong());
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
