package dev.thrum.testkit.web;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.testkit.web.Delivery.Then;
import dev.thrum.testkit.web.Responder.Visit;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Speaks HTTP/1.1 on the connections of a web, as badly as the responses say. */
final class WebSession implements ConnectionHandler {
    private static final int LONGEST_LINE = 70_000;

    private final WebLog log;
    private final Function<Visit, WebResponse> responses;

    WebSession(WebLog log, Function<Visit, WebResponse> responses) {
        this.log = log;
        this.responses = responses;
    }

    @Override
    public void handle(Connection connection) throws Exception {
        log.connected();
        Then then = Then.KEEP;
        while (then == Then.KEEP && connection.reader().await()) {
            Asked asked = read(connection);
            WebLog.Entry entry = log.began(asked);
            WebResponse response = responses.apply(
                    new Visit(entry.visit(), asked, connection.clock().instant()));
            send(connection, entry, response);
            then = response.delivery().then();
            if (then == Then.KEEP && asked.field("connection").equalsIgnoreCase("close")) {
                then = Then.END;
            }
        }
        switch (then) {
            case KEEP, END -> {}
            case RESET -> connection.reset();
            case HOLD -> awaitEnd(connection);
            case END_AT_NEXT -> {
                boolean _ = connection.reader().await();
            }
        }
    }

    private static Asked read(Connection connection) throws IOException {
        String[] first = line(connection).split(" ", 3);
        Map<String, String> fields = new HashMap<>();
        for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
            int colon = Math.max(0, line.indexOf(':'));
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String local = connection.local().getAddress().getHostAddress() + ":"
                + connection.local().getPort();
        String host = fields.getOrDefault("host", local);
        String target = first.length > 1 ? first[1] : "";
        long now = connection.clock().nanoTime();
        return new Asked(connection.number(), first[0], host, target, fields, now, now);
    }

    private static String line(Connection connection) throws IOException {
        return connection
                .reader()
                .readLine(LONGEST_LINE)
                .orElseThrow(() -> new IOException("the client ended within a request"));
    }

    private void send(Connection connection, WebLog.Entry entry, WebResponse response)
            throws IOException, InterruptedException {
        Delivery delivery = response.delivery();
        byte[] message = response.message();
        int most = Math.min(delivery.most(), message.length);
        for (int at = 0; at < most; ) {
            if (at > 0) {
                connection.clock().sleep(delivery.pause());
            }
            int size = Math.min(delivery.piece(), most - at);
            log.sending(entry, connection.clock().nanoTime());
            connection.writer().write(message, at, size);
            connection.writer().flush();
            at += size;
        }
    }

    private static void awaitEnd(Connection connection) throws IOException {
        byte[] trash = new byte[1024];
        while (connection.reader().readAvailable(trash, 0, trash.length) >= 0) {
            // Until the client ends the connection.
        }
    }
}
