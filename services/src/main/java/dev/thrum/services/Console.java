package dev.thrum.services;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The console service: time, count, quit and echo, written as straight-line code. */
public final class Console {
    private final CTime time;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger connected = new AtomicInteger();

    public Console(ZoneId zone) {
        time = new CTime(zone);
    }

    public ConnectionHandler handler() {
        return Lines.of(LineFormat.lf(), this::converse);
    }

    private void converse(LineSession session) throws IOException {
        connected.incrementAndGet();
        try {
            session.writeLine("Welcome! You are client number " + numbers.incrementAndGet());
            Optional<String> line = session.readLine();
            while (line.isPresent() && reply(session, line.get())) {
                line = session.readLine();
            }
        } finally {
            connected.decrementAndGet();
        }
    }

    /** Replies to one line; returns whether the conversation continues. */
    private boolean reply(LineSession session, String line) throws IOException {
        switch (line.strip().toLowerCase(Locale.ROOT)) {
            case "" -> {}
            case "time" ->
                session.writeLine("Current time: "
                        + time.format(session.connection().clock().instant()));
            case "count" -> session.writeLine("Current client count: " + connected.get());
            case "quit" -> {
                session.writeLine("Goodbye!");
                return false;
            }
            default -> session.writeLine("Echo: " + line);
        }
        return true;
    }
}
