package dev.thrum.crawl.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.mozilla.universalchardet.UniversalDetector;

/** The encoding that a text without any declaration most likely has, from its bytes. */
final class DetectedEncoding {
    private static final int ESCAPE = 0x1b;

    private DetectedEncoding() {}

    /**
     * UTF-8 if the text is valid as such: other text outside of ASCII hardly ever is. Otherwise what the detector finds; else
     * windows-1252, as in browsers.
     */
    static Encoding of(byte[] text) {
        if (!hasEscape(text) && isUtf8(text)) {
            return Encoding.UTF8;
        }
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(text, 0, text.length);
        detector.dataEnd();
        return Optional.ofNullable(detector.getDetectedCharset())
                .flatMap(Encoding::ofLabel)
                // Encodings that are not to be decoded are guessed for binary data only.
                .filter(encoding -> !encoding.name().equals("replacement"))
                .orElse(isUtf8(text) ? Encoding.UTF8 : Encoding.WINDOWS_1252);
    }

    /** Whether it may be ISO-2022-JP, which is ASCII too. */
    private static boolean hasEscape(byte[] text) {
        for (byte octet : text) {
            if (octet == ESCAPE) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf8(byte[] text) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
