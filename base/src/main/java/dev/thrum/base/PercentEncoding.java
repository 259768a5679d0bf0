package dev.thrum.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/** Percent-encoded UTF-8 in URIs (RFC 3986, sections 2.1 and 2.3): {@code ü} is {@code %C3%BC}. */
public final class PercentEncoding {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /** Whether every percent sign begins an encoded byte: two hexadecimal digits follow it. */
    public static boolean isWellFormed(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == '%' && !isEncodedByte(bytes, i, end)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEncodedByte(byte[] bytes, int percent, int end) {
        return percent + 2 < end
                && HexFormat.isHexDigit(bytes[percent + 1])
                && HexFormat.isHexDigit(bytes[percent + 2]);
    }

    /**
     * Decodes a text, once. A percent sign that begins no encoded byte stands for itself, and a plus sign for a plus sign.
     *
     * @throws CharacterCodingException if the decoded bytes are not UTF-8
     */
    public static String decode(String text) throws CharacterCodingException {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && isEncodedByte(bytes, i, bytes.length)) {
                // Written in place: these bytes have been read already.
                bytes[length++] =
                        (byte) (HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                bytes[length++] = bytes[i];
            }
        }
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
    }

    /**
     * Encodes a text as one segment of a path, or one value of a query: only unreserved characters stay as they are.
     */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        encode(text, "", encoded);
        return encoded.toString();
    }

    /**
     * Encodes a text and appends it.
     *
     * @param kept ASCII characters that stay as they are besides the unreserved ones, such as {@code /}
     */
    public static void encode(String text, String kept, StringBuilder target) {
        for (byte b : text.getBytes(UTF_8)) {
            if (isUnreserved(b) || kept.indexOf(b) >= 0) {
                target.append((char) b);
            } else {
                target.append('%').append(HEX.toHexDigits(b));
            }
        }
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || "-._~".indexOf(b) >= 0;
    }
}
