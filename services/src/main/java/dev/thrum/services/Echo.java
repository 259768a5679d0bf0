package dev.thrum.services;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;

/** The echo service, written as callbacks. */
public final class Echo implements LineHandler {
    public static ConnectionHandler handler() {
        return Lines.callbacks(LineFormat.crlf(), Echo::new);
    }

    @Override
    public void connected(LineSession session) throws IOException {
        session.writeLine("Welcome to the Thrum echo server!");
    }

    @Override
    public void received(LineSession session, String line) throws IOException {
        session.writeLine("Echo: " + line);
        if (line.strip().equalsIgnoreCase("quit")) {
            session.close();
        }
    }
}
