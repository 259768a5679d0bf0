package dev.thrum.crawl.archive;

import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads lines that are JSON objects. */
final class JsonMembers {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonMembers() {}

    /** Receives the members of an object. */
    @FunctionalInterface
    interface Receiver {
        /**
         * A member.
         *
         * @param value the kind of its value, which the parser is at; a value that has members of its own is skipped
         */
        void member(String name, JsonToken value, JsonParser parser) throws IOException;
    }

    /**
     * Reads one object.
     *
     * @throws IOException if there is none, or more than that; the message says why, but not where it is
     */
    static void read(byte[] bytes, int offset, int length, Receiver receiver) throws IOException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("expected a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                receiver.member(name, parser.nextToken(), parser);
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new IOException("expected one JSON object but there is more");
            }
        } catch (JacksonException e) {
            throw new IOException("expected a JSON object but it is malformed: " + e.getOriginalMessage(), e);
        }
    }
}
