package dev.thrum.http.client.url;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The encoder of a page's encoding, for the queries of its links ({@link Url#resolve(String, QueryEncoder)}): "encode
 * or fail" of the <a href="https://encoding.spec.whatwg.org/">Encoding Standard</a>. The visible characters of ASCII
 * must be encoded as themselves. An implementation is thread-safe.
 */
@FunctionalInterface
public interface QueryEncoder {
    /** UTF-8, which has all characters. */
    QueryEncoder UTF_8 = (text, from, target) -> {
        target.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return text.length();
    };

    /**
     * Encodes a text up to the first character that the encoding doesn't have.
     *
     * @param text without lone surrogates
     * @param from where to begin; the encoder is in its initial state there
     * @param target where the bytes go, with those that lead back to the initial state
     * @return the index of that character; the length of the text if there is none
     */
    int encode(String text, int from, ByteArrayOutputStream target);
}
