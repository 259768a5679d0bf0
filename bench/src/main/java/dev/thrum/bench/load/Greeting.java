package dev.thrum.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The responses of every HTTP contender: a constant text, and JSON that is made from a record for each request. */
public final class Greeting {
    public static final String TEXT_PATH = "/plaintext";
    public static final String TEXT_TYPE = "text/plain";
    public static final String TEXT = "Hello, World!";

    public static final String BULK_PATH = "/bulk";
    static final int BULK_LENGTH = 100 * 1_024;

    public static final String JSON_PATH = "/json";
    public static final String JSON_TYPE = "application/json";
    static final String JSON = "{\"message\":\"" + TEXT + "\"}";

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Greeting() {}

    record Message(String message) {}

    /** A new array, which belongs to the caller. */
    public static byte[] text() {
        return TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    /** A text of 100 KB in a new array, which belongs to the caller. */
    public static byte[] bulk() {
        byte[] lines =
                "A line of thirty-two characters\n".repeat(BULK_LENGTH / 32).getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(lines, BULK_LENGTH);
    }

    /** Made again for each call. */
    public static byte[] json() {
        return MAPPER.writeValueAsBytes(new Message(TEXT));
    }
}
