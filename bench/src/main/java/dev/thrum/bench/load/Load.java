package dev.thrum.bench.load;

import java.util.Locale;

/** The load of one window: an exchange, on this many simultaneous connections. */
public record Load(Exchange exchange, int connections) {
    /** Its name in tables. */
    @Override
    public String toString() {
        String what = exchange == Exchange.LINE ? "" : exchange.word() + ", ";
        return String.format(Locale.ROOT, "%s%,d connections", what, connections);
    }
}
