package dev.thrum.app;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in requests, read strictly, and in answers. Safe for concurrent use. */
final class Json {
    static final String TYPE = "application/json";

    /** A browser must not take text from elsewhere, in JSON, for a page or a script (WHATWG Fetch, 3.6). */
    private static final Headers HEADERS = Headers.of("Content-Type", TYPE).and("X-Content-Type-Options", "nosniff");

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** An answer with this as its body; a record or a map, above all. */
    static Response answer(int status, Object body) {
        return Response.of(status, HEADERS, bytes(body));
    }

    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /**
     * The object in a request's body.
     *
     * @throws HttpException 415 if the request does not say that it is JSON, 400 if it is not, or is no object
     */
    static JsonFields read(Request request) throws IOException {
        requireJson(request);
        byte[] body = request.body().readAllBytes();
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw HttpException.of(400, "Invalid JSON" + place(e.getLocation()));
        }
        if (!node.isObject()) {
            throw HttpException.of(400, "Invalid JSON: expected an object");
        }
        return new JsonFields(node.asObject());
    }

    /** Where it is malformed; the parser's own words speak of the parser. */
    private static String place(@Nullable TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static void requireJson(Request request) {
        if (!request.headers().mediaType().equals(TYPE)) {
            // Asking for this also keeps out forms of other sites, which a browser sends without asking.
            throw HttpException.of(415, "Expected Content-Type: " + TYPE);
        }
    }
}
