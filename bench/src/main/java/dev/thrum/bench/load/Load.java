package dev.thrum.bench.load;

import java.util.Locale;

/** What a server is measured with in one window: an exchange, on so many connections at once. */
public record Load(Exchange exchange, int connections) {
    /** As tables call it. */
    @Override
    public String toString() {
        String what = exchange == Exchange.LINE ? "" : exchange.word() + ", ";
        return String.format(Locale.ROOT, "%s%,d connections", what, connections);
    }
}
