package dev.thrum.services.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.http.Acceptance;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** JSON in requests, parsed strictly, and in responses. Safe for concurrent use. */
public final class Json {
    static final String TYPE = "application/json";

    /** A longer text takes milliseconds to parse, which would block the other clients of an event loop. */
    static final int LONG = 64 << 10;

    private static final char BYTE_ORDER_MARK = '\ufeff';

    /**
     * The format depends on the client. A browser must not interpret JSON that holds foreign text as a page or a script
     * (WHATWG Fetch, 3.6).
     */
    private static final Headers HEADERS = Headers.of("Content-Type", TYPE)
            .and("X-Content-Type-Options", "nosniff")
            .and("Vary", "Accept");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    /** For people: one element on each line. */
    private static final ObjectWriter INDENTING = MAPPER.writer()
            .with(new DefaultPrettyPrinter(
                            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(INDENTER)
                    .withArrayIndenter(INDENTER));

    private Json() {}

    /** A response with this body, mostly a record or a map; on one line, or formatted for a browser. */
    public static Response response(Request request, int status, Object body) {
        return isBrowser(request)
                ? Response.of(
                        status,
                        HEADERS,
                        INDENTING.writeValueAsString(body).concat("\n").getBytes(UTF_8))
                : response(status, body);
    }

    /** A response on one line, for every client. */
    public static Response response(int status, Object body) {
        return Response.of(status, HEADERS, bytes(body));
    }

    /** Browsers accept HTML by name; programs accept any type. */
    public static boolean isBrowser(Request request) {
        return Acceptance.of(request.headers()).names("text/html", TYPE);
    }

    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * The JSON object in a request's body.
     *
     * @throws HttpException 415 if the content type is not JSON, 400 if the body is malformed or not an object
     */
    static JsonFields read(Request request) throws Exception {
        requireJson(request);
        byte[] body = request.body().readAllBytes();
        return body.length > LONG ? request.offload(() -> parsed(body)) : parsed(body);
    }

    private static JsonFields parsed(byte[] body) {
        JsonNode node;
        try {
            node = isPlain(body) ? MAPPER.readTree(body) : MAPPER.readTree(decoded(body));
        } catch (JacksonException e) {
            throw HttpException.of(400, "Invalid JSON" + place(e.getLocation()));
        }
        if (!node.isObject()) {
            throw HttpException.of(400, "Invalid JSON: expected an object");
        }
        return new JsonFields(node.asObject());
    }

    /**
     * Whether it is all ASCII without zero bytes, which UTF-16 would have: then the parser need not guess, and reads
     * bytes.
     */
    private static boolean isPlain(byte[] body) {
        for (byte octet : body) {
            if (octet <= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Decodes UTF-8, the encoding of JSON (RFC 8259, 8.1). Given bytes, the parser would guess UTF-16 and UTF-32 too,
     * and accept invalid sequences (RFC 3629, 3). A byte order mark at the beginning may be ignored, and is.
     */
    private static String decoded(byte[] body) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? text : text.substring(1);
        } catch (CharacterCodingException e) {
            throw HttpException.of(400, "Invalid JSON: expected UTF-8");
        }
    }

    /** The position of the error; the parser's own messages describe the parser. */
    private static String place(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static void requireJson(Request request) {
        if (!request.headers().mediaType().equals(TYPE)) {
            // Requiring this type also keeps out forms of other sites, which a browser sends without a preflight
            // request.
            throw HttpException.of(415, "Expected Content-Type: " + TYPE);
        }
        for (String coding : request.headers().elements("Content-Encoding")) {
            if (!coding.equalsIgnoreCase("identity")) {
                // RFC 9110, 15.5.16 and 12.5.3: the field names the supported types.
                throw HttpException.of(415, "Expected a body without Content-Encoding")
                        .with("Accept-Encoding", "identity");
            }
        }
    }
}
