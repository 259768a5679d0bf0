package dev.thrum.simulation;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The names of a simulated world, which are looked up without the real network. Owned by the simulation's thread. */
final class SimulatedNames {
    private Function<String, List<InetAddress>> resolver = SimulatedNames::thisMachine;

    void resolver(Function<String, List<InetAddress>> value) {
        resolver = value;
    }

    /** The world is one machine, so every name is its name, except for those that never exist (RFC 6761, section 6.4). */
    private static List<InetAddress> thisMachine(String host) {
        if (host.equals("invalid") || host.endsWith(".invalid")) {
            return List.of();
        }
        try {
            byte[] loopback = InetAddress.getLoopbackAddress().getAddress();
            return List.of(InetAddress.getByAddress(host, loopback));
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks up a host; the scenario's resolver may throw anything, which then is the result. */
    void lookUp(String host, CompletableFuture<List<InetAddress>> found) {
        try {
            found.complete(List.copyOf(resolver.apply(host)));
        } catch (RuntimeException | Error e) {
            found.completeExceptionally(e);
        }
    }
}
