package dev.thrum.bench.load;

import java.util.Locale;

/**
 * The load of one window.
 *
 * @param exchange what the clients ask
 * @param connections the number of simultaneous connections
 * @param manner when the clients ask
 */
public record Load(Exchange exchange, int connections, Manner manner) {
    /** When clients ask, and what it means that the server closes a connection. */
    public enum Manner {
        /** Each client asks again as soon as it has its answer; the server must close none. */
        STRICT("run"),

        /** The same, but connections that the server closes are counted, and the others go on. */
        CROWD("crowd"),

        /** Each client asks once a second, however long the answers take; closed connections are counted. */
        PACED("pace");

        private final String command;

        Manner(String command) {
            this.command = command;
        }

        /** The command of the {@link Generator}. */
        public String command() {
            return command;
        }
    }

    /** A load of clients that ask again as soon as they have their answer. */
    public Load(Exchange exchange, int connections) {
        this(exchange, connections, Manner.STRICT);
    }

    private String clients() {
        return connections == 1 ? "one client" : String.format(Locale.ROOT, "%,d clients", connections);
    }

    /** Its name in tables. */
    @Override
    public String toString() {
        return switch (exchange) {
            case LINE -> String.format(Locale.ROOT, "%,d connections", connections);
            case BROADCAST -> String.format(Locale.ROOT, "%,d receivers", connections);
            case BURST ->
                String.format(Locale.ROOT, "%d lines together, %,d receivers", Exchange.BURST_LINES, connections);
            case HANDSHAKE -> "a full handshake and one request, " + clients();
            case RESUMPTION -> "a resumed session and one request, " + clients();
            default ->
                String.format(
                        Locale.ROOT,
                        manner == Manner.PACED
                                ? "%s, %,d connections, one request a second each"
                                : "%s, %,d connections",
                        exchange.word(),
                        connections);
        };
    }
}
