package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import java.io.IOException;

/**
 * What encrypts the connections of a server, or those that a client opens; module {@code tls} implements it. Programs pass one
 * to {@link Engine#listen} or {@link Engine#connect}. Safe for concurrent use.
 */
public interface Encryption {
    /** Wraps a wire that is open; must not block, and must not fail because of the peer. */
    SecureWire over(Wire wire, Clock clock);

    /** The side that accepts connections. */
    interface Server extends Encryption {}

    /** The side that opens them. */
    interface Client extends Encryption {
        /** Whether {@link #prepare} has nothing to do. */
        boolean isPrepared();

        /**
         * Loads what the first handshake needs, which may take a second. Called before connecting, where it delays nobody
         * else; by any number of threads.
         *
         * @throws IOException if something can't be loaded
         * @throws IllegalStateException if something is missing that the program must set
         */
        void prepare() throws IOException;
    }
}
