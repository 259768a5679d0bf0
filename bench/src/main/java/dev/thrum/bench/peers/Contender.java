package dev.thrum.bench.peers;

/**
 * A way to build a server for a protocol, with its name in the tables.
 *
 * @param name letters, digits, {@code -}, {@code _} and {@code /}
 * @param starter starts it
 */
public record Contender(String name, Starter starter) {
    /** Starts a server. */
    @FunctionalInterface
    public interface Starter {
        /**
         * Starts it for this many simultaneous connections.
         *
         * @throws UnsupportedOperationException if this machine or this build can't run it; the message says why
         */
        Endpoint start(int connections) throws Exception;
    }

    /** Whether this is its name, or the name of its engine. */
    public boolean answersTo(String word) {
        return name.equals(word) || name.startsWith(word + "/");
    }
}
