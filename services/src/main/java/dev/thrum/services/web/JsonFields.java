package dev.thrum.services.web;

import dev.thrum.base.Printable;
import dev.thrum.http.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a JSON object from a client; each must be read. Owned by one thread. */
final class JsonFields {
    private final ObjectNode object;
    private final Set<String> known = new HashSet<>();

    JsonFields(ObjectNode object) {
        this.object = object;
    }

    /**
     * The text in this field.
     *
     * @throws HttpException 400, naming the field, if it is missing or not a text
     */
    String text(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        // Half a surrogate pair, which an escape can contain, is not a character.
        if (value == null
                || !value.isString()
                || !StandardCharsets.UTF_8.newEncoder().canEncode(value.stringValue())) {
            throw HttpException.of(400, "Expected \"" + name + "\" to be a text")
                    .blaming(name);
        }
        return value.stringValue();
    }

    /**
     * The whole number in this field; without a fraction, even of zero, and without an exponent.
     *
     * @throws HttpException 400, naming the field, if it is missing or not such a number
     */
    long wholeNumber(String name, long least, long most) {
        known.add(name);
        JsonNode value = object.get(name);
        if (value == null
                || !value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw HttpException.of(400, "Expected \"" + name + "\" to be a whole number from " + least + " to " + most)
                    .blaming(name);
        }
        return value.longValue();
    }

    /**
     * Checks that every field was read.
     *
     * @throws HttpException 400, naming the field, if there is an unknown one
     */
    void requireNoMore() {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw HttpException.of(400, "Unknown field").blaming(Printable.of(name));
            }
        }
    }
}
