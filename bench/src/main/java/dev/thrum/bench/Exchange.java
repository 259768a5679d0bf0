package dev.thrum.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A kind of question and answer that is measured. */
enum Exchange {
    LINE;

    /** What commands and options call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Exchange> named(String word) {
        return Arrays.stream(values())
                .filter(exchange -> exchange.word().equals(word))
                .findFirst();
    }

    /** What is said on so many connections to the server at this port of 127.0.0.1. */
    Dialogue dialogue(int port, int connections) throws IOException {
        return switch (this) {
            case LINE -> new LineDialogue(connections);
        };
    }
}
