package dev.thrum.bench;

import dev.thrum.bench.load.ApiDialogue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics of a server, from {@code /metrics} on its admin port. */
record Gauges(String text) {
    private static final int TIMEOUT_MILLIS = 10_000;

    static Gauges of(ServerProcess server) throws IOException {
        int port = server.port("admin");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return new Gauges(ApiDialogue.ask(
                    socket, "GET /metrics HTTP/1.1\r\nHost: localhost:" + port + "\r\nAccept: text/plain\r\n\r\n"));
        }
    }

    double value(String name) throws IOException {
        Matcher line =
                Pattern.compile("^" + name + " (\\S+)", Pattern.MULTILINE).matcher(text);
        if (!line.find()) {
            throw new IOException("expected " + name + " among the metrics but they were: " + text);
        }
        return Double.parseDouble(line.group(1));
    }
}
