package dev.thrum.measure.load;

import dev.thrum.http.Headers;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.syntax.Syntax;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One HTTP/1.1 request (RFC 9112).
 *
 * @param requests the request
 * @param isHead whether its responses have no body, whatever their head says (RFC 9112, 6.3)
 */
record HttpLoad(List<MemorySegment> requests, boolean isHead) implements LoadProtocol {
    HttpLoad {
        requests = List.copyOf(requests);
    }

    static HttpLoad of(Url url, String method, Headers headers, byte[] body) {
        if (!Syntax.isToken(method)) {
            throw new IllegalArgumentException(
                    "expected a method such as GET, of letters, digits and some signs, but was \"" + method + "\"");
        }
        Headers own = Headers.of("Host", url.hostAndPort())
                .and("User-Agent", "thrum-load")
                .and("Accept", "*/*");
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            own = own.and("Content-Length", Integer.toString(body.length));
        }
        StringBuilder head = new StringBuilder(method + " " + url.requestTarget() + " HTTP/1.1\r\n");
        for (Headers.Field field : own) {
            if (!headers.contains(field.name())) {
                head.append(field.name()).append(": ").append(field.value()).append("\r\n");
            }
        }
        for (Headers.Field field : headers) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        MemorySegment request =
                Arena.ofAuto().allocate(bytes.size()).copyFrom(MemorySegment.ofArray(bytes.toByteArray()));
        return new HttpLoad(List.of(request), method.equals("HEAD"));
    }

    @Override
    public Reply reply() {
        return new HttpReply(isHead);
    }
}
