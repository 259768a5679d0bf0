package dev.thrum.bench.load;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** What every HTTP contender answers: a text that is there, and JSON that is made of a record for each request. */
public final class Greeting {
    public static final String TEXT_PATH = "/plaintext";
    public static final String TEXT_TYPE = "text/plain";
    public static final String TEXT = "Hello, World!";

    public static final String JSON_PATH = "/json";
    public static final String JSON_TYPE = "application/json";
    static final String JSON = "{\"message\":\"" + TEXT + "\"}";

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Greeting() {}

    record Message(String message) {}

    /** An array of its own, which stays the caller's. */
    public static byte[] text() {
        return TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    /** Made anew each time. */
    public static byte[] json() {
        return MAPPER.writeValueAsBytes(new Message(TEXT));
    }
}
