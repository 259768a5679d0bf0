package dev.thrum.testkit.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A response as it goes over the wire, be it right or wrong. Immutable. */
public final class WebResponse {
    /** The largest chunk. */
    private static final int CHUNK = 1_000;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final String statusLine;
    private final List<String> fields;
    private final byte[] body;
    private final Framing framing;
    private final Delivery delivery;

    private enum Framing {
        /** By its length, which is declared unless the fields declare one. */
        LENGTH,
        CHUNKED,
        TO_END,
        /** The body is the whole message. */
        RAW
    }

    private WebResponse(String statusLine, List<String> fields, byte[] body, Framing framing, Delivery delivery) {
        this.statusLine = statusLine;
        this.fields = fields;
        this.body = body;
        this.framing = framing;
        this.delivery = delivery;
    }

    /** A page in UTF-8 that says so. */
    public static WebResponse html(String page) {
        return of("text/html; charset=utf-8", page.getBytes(UTF_8));
    }

    /** A body of this type; without a type if it is empty. */
    public static WebResponse of(String type, byte[] body) {
        List<String> fields = type.isEmpty() ? List.of() : List.of("Content-Type: " + type);
        return new WebResponse("HTTP/1.1 200 Scripted", fields, body.clone(), Framing.LENGTH, Delivery.whole());
    }

    /** A text in ASCII, such as a robots.txt. */
    public static WebResponse text(String text) {
        return of("text/plain", text.getBytes(ISO_8859_1));
    }

    /** A response without a body. */
    public static WebResponse status(int status) {
        return of("", new byte[0]).withStatus(status);
    }

    public static WebResponse redirect(int status, String location) {
        return status(status).with("Location: " + location);
    }

    /** Exactly these bytes, one of each character, without a head of their own; the connection ends after them. */
    public static WebResponse raw(String bytes) {
        return new WebResponse(
                "",
                List.of(),
                bytes.getBytes(ISO_8859_1),
                Framing.RAW,
                Delivery.whole().then(Delivery.Then.END));
    }

    public WebResponse withStatus(int status) {
        return new WebResponse("HTTP/1.1 " + status + " Scripted", fields, body, framing, delivery);
    }

    /** With this field in place of those of its name; each character is a byte. */
    public WebResponse with(String field) {
        List<String> all = new ArrayList<>(without(field.substring(0, field.indexOf(':'))).fields);
        all.add(field);
        return new WebResponse(statusLine, List.copyOf(all), body, framing, delivery);
    }

    /** With one more field, whether or not there are others of its name. */
    public WebResponse and(String field) {
        List<String> all = new ArrayList<>(fields);
        all.add(field);
        return new WebResponse(statusLine, List.copyOf(all), body, framing, delivery);
    }

    /** Without the fields of this name. */
    public WebResponse without(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        List<String> left = fields.stream()
                .filter(field -> !field.toLowerCase(Locale.ROOT).startsWith(prefix))
                .toList();
        return new WebResponse(statusLine, left, body, framing, delivery);
    }

    public WebResponse withBody(byte[] value) {
        return new WebResponse(statusLine, fields, value.clone(), framing, delivery);
    }

    public WebResponse inChunks() {
        return new WebResponse(statusLine, fields, body, Framing.CHUNKED, delivery);
    }

    /** Without a length: the end of the connection ends the body. */
    public WebResponse toEnd() {
        return new WebResponse(statusLine, fields, body, Framing.TO_END, delivery.then(Delivery.Then.END));
    }

    public WebResponse sent(Delivery value) {
        return new WebResponse(statusLine, fields, body, framing, value);
    }

    /** Sent up to this many bytes after its head; called last, when the head is complete. */
    public WebResponse endingAfter(int bytes, Delivery.Then then) {
        return sent(delivery.most(head().length() + bytes).then(then));
    }

    /** Nothing at all is sent. */
    public WebResponse nothing(Delivery.Then then) {
        return sent(delivery.most(0).then(then));
    }

    /** Sent in pieces of this many bytes with a pause between them. */
    public WebResponse inPieces(int bytes, Duration between) {
        return sent(delivery.inPieces(bytes, between));
    }

    /** The body; a copy. */
    public byte[] body() {
        return body.clone();
    }

    Delivery delivery() {
        return delivery;
    }

    /** The head with its empty line; empty if the message is raw. */
    public String head() {
        if (framing == Framing.RAW) {
            return "";
        }
        StringBuilder head = new StringBuilder(statusLine).append("\r\n");
        fields.forEach(field -> head.append(field).append("\r\n"));
        switch (framing) {
            case LENGTH -> head.append(length());
            case CHUNKED -> head.append("Transfer-Encoding: chunked\r\n");
            case TO_END -> head.append("Connection: close\r\n");
            case RAW -> {}
        }
        return head.append("\r\n").toString();
    }

    private String length() {
        boolean declared =
                fields.stream().anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("content-length:"));
        boolean none = statusLine.contains(" " + NO_CONTENT + " ") || statusLine.contains(" " + NOT_MODIFIED + " ");
        return declared || none ? "" : "Content-Length: " + body.length + "\r\n";
    }

    /** All bytes of the message, including those that are not sent. */
    public byte[] message() {
        ByteArrayOutputStream message = new ByteArrayOutputStream(body.length + 512);
        message.writeBytes(head().getBytes(ISO_8859_1));
        if (framing == Framing.CHUNKED) {
            writeChunks(message);
        } else {
            message.writeBytes(body);
        }
        return message.toByteArray();
    }

    private void writeChunks(ByteArrayOutputStream message) {
        for (int at = 0; at < body.length; at += CHUNK) {
            int size = Math.min(CHUNK, body.length - at);
            message.writeBytes((Integer.toHexString(size) + "\r\n").getBytes(ISO_8859_1));
            message.write(body, at, size);
            message.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
        message.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    }
}
