package dev.thrum.measure.compare;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Comparisons as JSON. Safe for concurrent use. */
public final class ComparisonJson {
    /** The member that says what the file is. */
    private static final String FORMAT = "thrum-compare-1";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            // Records are written by their components, not by questions such as isClosed.
            .changeDefaultVisibility(visibility -> visibility.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private ComparisonJson() {}

    /**
     * A comparison as JSON, in one line.
     *
     * @param verdict what comes before the data, for programs that read only that; {@link #read} ignores it
     */
    public static String write(Object verdict, Comparison comparison) {
        return MAPPER.writeValueAsString(new Document(FORMAT, verdict, comparison));
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IOException if the file can't be read, or isn't such a comparison; the message is a line for the user
     */
    public static Comparison read(Path file) throws IOException {
        try {
            return parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw new IOException("expected the JSON of a comparison but there is no file " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "expected the JSON of a comparison in " + file + " but " + e.getMessage()
                            + ": write one with thrum compare --json",
                    e);
        } catch (IOException e) {
            throw new IOException("expected the JSON of a comparison but can't read " + file + ": " + e, e);
        }
    }

    /**
     * Parses what {@link #write} has written.
     *
     * @throws IllegalArgumentException if it is something else; the message says what
     */
    static Comparison parse(String json) {
        try {
            JsonNode document = MAPPER.readTree(json);
            if (!FORMAT.equals(document.path("format").asString(""))) {
                throw new IllegalArgumentException("its format isn't " + FORMAT);
            }
            if (!document.path("comparison").isObject()) {
                throw new IllegalArgumentException("it has no comparison");
            }
            return MAPPER.treeToValue(document.path("comparison"), Comparison.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    private record Document(String format, Object verdict, Comparison comparison) {}
}
