package dev.thrum.engine;

import dev.thrum.engine.spi.Encryption;
import java.util.Optional;

/**
 * How a connection is opened: where it may go, and what encrypts it.
 *
 * @param rule asked about every address before it is connected to
 * @param encryption empty for plain TCP
 */
public record Outbound(AddressRule rule, Optional<Encryption.Client> encryption) {
    /** Plain TCP, to any address. */
    public static Outbound plain() {
        return new Outbound(AddressRule.ANY, Optional.empty());
    }

    /** Encrypted, to any address. */
    public static Outbound encrypted(Encryption.Client encryption) {
        return plain().with(encryption);
    }

    public Outbound with(AddressRule value) {
        return new Outbound(value, encryption);
    }

    public Outbound with(Encryption.Client value) {
        return new Outbound(rule, Optional.of(value));
    }
}
