package dev.thrum.http.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;

/**
 * The attributes that distinguish states of a file.
 *
 * @param key identifies the file in the system: device and inode
 */
record Stamp(long size, FileTime modified, String key) {
    private static final int TAG_BYTES = 12;

    static Stamp of(BasicFileAttributes attributes) {
        return new Stamp(attributes.size(), attributes.lastModifiedTime(), String.valueOf(attributes.fileKey()));
    }

    /** The modification date in the resolution of HTTP. */
    Instant modifiedSecond() {
        return modified.toInstant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** A strong entity tag, with its quotes. A digest, so that it does not reveal inode numbers. */
    String tag() {
        String state = size + " " + modified.toInstant() + " " + key;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(state.getBytes(UTF_8));
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected the JDK to have SHA-256, as each must", e);
        }
    }
}
