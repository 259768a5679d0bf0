package dev.thrum.crawl.archive;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** A line of {@code links.jsonl}. Owned by the thread that reads it. */
final class LinkLine {
    @Nullable
    String from;

    private @Nullable String to;
    private @Nullable String rel;
    private @Nullable String text;
    private boolean isElement;

    static LinkLine parse(byte[] bytes, int offset, int length) throws IOException {
        LinkLine line = new LinkLine();
        JsonMembers.read(bytes, offset, length, line::read);
        return line;
    }

    private void read(String name, JsonToken value, JsonParser parser) {
        if (value == JsonToken.VALUE_STRING) {
            switch (name) {
                case "from" -> from = parser.getString();
                case "to" -> to = parser.getString();
                case "rel" -> rel = parser.getString();
                case "text" -> text = parser.getString();
                case "element" -> isElement = parser.getString().equals(LinkRecord.ELEMENT);
                default -> {
                    // None of ours.
                }
            }
        }
    }

    LinkRecord link() throws IOException {
        if (to == null) {
            throw new IOException("expected the member \"to\" but it is missing");
        }
        return new LinkRecord(to, rel, text, isElement);
    }
}
