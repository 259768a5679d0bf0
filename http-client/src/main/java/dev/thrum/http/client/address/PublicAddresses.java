package dev.thrum.http.client.address;

import dev.thrum.base.AddressText;
import dev.thrum.engine.AddressRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rule that only public addresses may be connected to: for clients that fetch what others name. So a link, a redirect or a
 * name in DNS can't lead them to this machine, its network or its cloud. Immutable.
 *
 * <p>It refuses every address in IANA's registries of special-purpose addresses (RFC 6890 and its updates), multicast, and the
 * addresses where clouds give metadata to their machines. An IPv6 address that carries an IPv4 address (mapped, compatible,
 * translated, NAT64, 6to4, Teredo) is judged by what it carries; one of ISATAP by both. {@code 64:ff9b:1::/48} is refused
 * whatever it carries, because only the local network knows where. The zone of an address doesn't matter.
 *
 * <p>Exceptions and ports can be set: {@code PublicAddresses.only().allowing(List.of(Cidr.parse("10.1.0.0/16"))).withPorts(Set.of(80,
 * 443))}.
 */
public final class PublicAddresses implements AddressRule {
    private static final PublicAddresses ONLY = new PublicAddresses(List.of(), Set.of());
    private static final int MAX_PORT = 65_535;

    private final List<Cidr> exceptions;
    /** In ascending order; empty if every port is allowed. */
    private final Set<Integer> ports;

    private PublicAddresses(List<Cidr> exceptions, Set<Integer> ports) {
        this.exceptions = exceptions;
        this.ports = ports;
    }

    /** Public addresses only, with any port. */
    public static PublicAddresses only() {
        return ONLY;
    }

    /**
     * This rule with exceptions: the addresses of these blocks are allowed too, and so is an IPv6 address that carries one of
     * them.
     *
     * @param blocks added to those of this rule
     */
    public PublicAddresses allowing(List<Cidr> blocks) {
        List<Cidr> all = new ArrayList<>(exceptions);
        all.addAll(blocks);
        return new PublicAddresses(List.copyOf(all), ports);
    }

    /**
     * This rule for these ports only, whatever the address is.
     *
     * @param allowed replaces the ports of this rule
     * @throws IllegalArgumentException if there is none, or one is not from 1 to 65535
     */
    public PublicAddresses withPorts(Set<Integer> allowed) {
        if (allowed.isEmpty()) {
            throw new IllegalArgumentException("expected at least one port but was an empty set");
        }
        for (int port : allowed) {
            if (port < 1 || port > MAX_PORT) {
                throw new IllegalArgumentException("expected ports from 1 to " + MAX_PORT + " but was " + port);
            }
        }
        return new PublicAddresses(exceptions, new TreeSet<>(allowed));
    }

    /**
     * Why this address is refused: the address, the block that it is in and the rule. An address that isn't resolved is
     * refused.
     */
    @Override
    public Optional<String> refusal(InetSocketAddress address) {
        return reason(address).map(reason -> reason + "; the rule is: " + this);
    }

    private Optional<String> reason(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        if (resolved == null) {
            return Optional.of(address.getHostString() + " is a name without an address");
        }
        if (!ports.isEmpty() && !ports.contains(address.getPort())) {
            return Optional.of(AddressText.of(address) + " has a port that is not allowed");
        }
        return isException(resolved) ? Optional.empty() : reason(resolved);
    }

    private Optional<String> reason(InetAddress address) {
        Set<Ipv4Carrier> carriers = Ipv4Carrier.of(address);
        for (Ipv4Carrier carrier : carriers) {
            InetAddress carried = carrier.carriedBy(address);
            Optional<SpecialBlock> special = isException(carried) ? Optional.empty() : SpecialBlock.with(carried);
            if (special.isPresent()) {
                return Optional.of(AddressText.of(address) + " carries " + AddressText.of(carried) + " ("
                        + carrier.form() + "), which is in " + special.get());
            }
        }
        return carriers.stream().anyMatch(Ipv4Carrier::decides)
                ? Optional.empty()
                : SpecialBlock.with(address).map(special -> AddressText.of(address) + " is in " + special);
    }

    private boolean isException(InetAddress address) {
        return exceptions.stream().anyMatch(block -> block.contains(address));
    }

    /** The rule in words: {@code public addresses and 10.1.0.0/16 only, ports 80, 443}. */
    @Override
    public String toString() {
        return "public addresses" + (exceptions.isEmpty() ? "" : " and " + listed(exceptions)) + " only"
                + (ports.isEmpty() ? "" : ", ports " + listed(ports));
    }

    private static String listed(Collection<?> items) {
        return items.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
