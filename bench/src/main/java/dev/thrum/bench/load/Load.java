package dev.thrum.bench.load;

import java.util.Locale;

/** The load of one window: an exchange, on this many simultaneous connections. */
public record Load(Exchange exchange, int connections) {
    /** Its name in tables. */
    @Override
    public String toString() {
        return switch (exchange) {
            case LINE -> String.format(Locale.ROOT, "%,d connections", connections);
            case BROADCAST -> String.format(Locale.ROOT, "%,d receivers", connections);
            case BURST ->
                String.format(Locale.ROOT, "%d lines together, %,d receivers", Exchange.BURST_LINES, connections);
            default -> String.format(Locale.ROOT, "%s, %,d connections", exchange.word(), connections);
        };
    }
}
