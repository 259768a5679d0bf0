package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.Connection;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Request;
import dev.thrum.http.Target;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages that the parser accepts from some bytes, up to the first one that it refuses.
 *
 * @param error the status for the message that it refused; 0 if there was none
 */
record ReadMessages(List<Message> messages, int error) {
    /** Small enough for a fuzzer to reach them. */
    static final HttpLimits LIMITS = HttpLimits.defaults().withBody(2_000).withFields(4_000, 20);

    private static final HttpConfig CONFIG = HttpConfig.defaults().withLimits(LIMITS);

    /** A message that was accepted. */
    record Message(String method, Target target, boolean http11, Headers headers, String body, Headers trailers) {
        /** The same message, written again. */
        String written() {
            String authority = target.authority();
            String where = method.equals("CONNECT")
                    ? ""
                    : target.path() + (target.query() == null ? "" : "?" + target.query());
            String prefix = authority == null ? "" : method.equals("CONNECT") ? authority : "http://" + authority;
            StringBuilder text = new StringBuilder(method + " " + prefix + where + (http11 ? " HTTP/1.1" : " HTTP/1.0"))
                    .append("\r\n");
            headers.forEach(field ->
                    text.append(field.name()).append(':').append(field.value()).append("\r\n"));
            text.append("\r\n");
            if (!headers.contains("Transfer-Encoding")) {
                return text.append(body).toString();
            }
            for (int i = 0; i < body.length(); i += 7) {
                String chunk = body.substring(i, Math.min(body.length(), i + 7));
                text.append(chunk.length()).append("\r\n").append(chunk).append("\r\n");
            }
            text.append("0\r\n");
            trailers.forEach(field ->
                    text.append(field.name()).append(": ").append(field.value()).append("\r\n"));
            return text.append("\r\n").toString();
        }
    }

    /** Reads all messages; rethrows any exception that the parser must not throw. */
    static ReadMessages from(Fed fed, FedWire wire) {
        List<Message> messages = new ArrayList<>();
        try (Connection connection = fed.connect(wire)) {
            boolean emptyLineSeen = false;
            while (connection.reader().await()) {
                Request request = new RequestReader(connection, CONFIG, messages.size() + 1).read(!emptyLineSeen);
                emptyLineSeen = request == null;
                if (request == null) {
                    continue;
                }
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                request.body().transferTo(body);
                messages.add(new Message(
                        request.method(),
                        request.head().target(),
                        request.head().http11(),
                        request.headers(),
                        body.toString(ISO_8859_1),
                        request.body().trailers()));
            }
            return new ReadMessages(messages, 0);
        } catch (HttpException e) {
            return new ReadMessages(messages, e.status());
        } catch (IOException e) {
            throw new AssertionError("expected no I/O error without a network", e);
        }
    }
}
