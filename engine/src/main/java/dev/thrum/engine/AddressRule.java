package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A rule that says which addresses may be connected to. It is asked immediately before each connect, about the address that
 * is connected to: for a literal, and for every address of a name.
 */
@FunctionalInterface
public interface AddressRule {
    /** Allows every address. */
    AddressRule ANY = _ -> Optional.empty();

    /**
     * Why this address is refused; empty if it is allowed. Called by the thread that connects; must not block.
     *
     * @param address resolved
     */
    Optional<String> refusal(InetSocketAddress address);
}
