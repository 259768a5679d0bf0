package dev.thrum.bench.load;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A kind of exchange that is measured. */
public enum Exchange {
    /** A line, echoed. */
    LINE,

    /** A line that the console of {@code thrum serve} echoes, after its welcome. */
    CONSOLE_LINE,

    /** A line that the echo service of {@code thrum serve} echoes, after its welcome. */
    ECHO_LINE,

    /** {@code GET /plaintext}. */
    PLAINTEXT,

    /** {@code GET /json}. */
    JSON,

    /** {@code GET /plaintext}, sixteen requests pipelined. */
    PIPELINED,

    /** {@code GET /bulk}, 100 KB. */
    BULK,

    /** A new connection with a full TLS handshake, and {@code GET /plaintext} on it. */
    HANDSHAKE,

    /** The same with a TLS session that is resumed. */
    RESUMPTION,

    /** {@code POST /echo}, with a different message each time. */
    ECHO,

    /** {@code POST /users}, with a different user each time. */
    USERS,

    /** {@code POST /accounts/1/deposit}, with a different key each time. */
    DEPOSIT,

    /** {@code GET /time}. */
    TIME,

    /** A file of 1 KB. */
    SMALL,

    /** A file of 1 MB. */
    LARGE,

    /** One of 10,000 files of 4 KB, chosen at random. */
    MANY,

    /** Each of these 10,000 files, in a random order. */
    PASS,

    /** A line that is sent to all connections, which have {@link Receivers}. */
    BROADCAST,

    /** Sixteen such lines together. */
    BURST;

    /** The lines of a burst. */
    static final int BURST_LINES = 16;

    private static final int DEPTH = 16;

    /** Its name in commands and options. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Exchange> named(String word) {
        return Arrays.stream(values())
                .filter(exchange -> exchange.word().equals(word))
                .findFirst();
    }

    /** The dialogue on this many connections to the server at this port of 127.0.0.1. */
    public Dialogue dialogue(int port, int connections) throws IOException {
        return switch (this) {
            case LINE -> LineDialogue.plain(connections);
            case CONSOLE_LINE -> LineDialogue.welcomed(connections, "\n");
            case ECHO_LINE -> LineDialogue.welcomed(connections, "\r\n");
            case PLAINTEXT -> HttpDialogue.with(port, Greeting.TEXT_PATH, Greeting.TEXT, 1);
            case JSON -> HttpDialogue.with(port, Greeting.JSON_PATH, Greeting.JSON, 1);
            case PIPELINED -> HttpDialogue.with(port, Greeting.TEXT_PATH, Greeting.TEXT, DEPTH);
            case SMALL, LARGE, MANY, PASS -> FileDialogue.learnt(this, port, connections);
            case BROADCAST, BURST, BULK, HANDSHAKE, RESUMPTION ->
                throw new IllegalStateException("expected an exchange that has a dialogue but was " + word());
            case ECHO, USERS, DEPOSIT, TIME -> ApiDialogue.learnt(ApiRequests.of(this, port), port, connections);
        };
    }
}
