package dev.thrum.services.web;

import dev.thrum.base.Printable;
import dev.thrum.http.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of an object that a client sent; each must be asked for. Owned by one thread. */
final class JsonFields {
    private final ObjectNode object;
    private final Set<String> known = new HashSet<>();

    JsonFields(ObjectNode object) {
        this.object = object;
    }

    /**
     * The text in this field.
     *
     * @throws HttpException 400, blaming the field, if it is missing or no text
     */
    String text(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        // Half a surrogate pair, which an escape can hold, is no character.
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
     * @throws HttpException 400, blaming the field, if it is missing or no such number
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
     * Ends the reading.
     *
     * @throws HttpException 400, blaming the field, if there is one that was not asked for
     */
    void requireNoMore() {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw HttpException.of(400, "Unknown field").blaming(Printable.of(name));
            }
        }
    }
}
