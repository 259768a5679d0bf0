package dev.thrum.crawl.fetch;

import dev.thrum.base.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cryptographic digest that a file must have: {@code sha256:} or {@code sha512:}, and its bytes in hexadecimal digits. Immutable. */
public final class Digest {
    private static final Map<String, String> ALGORITHMS = Map.of("sha256", "SHA-256", "sha512", "SHA-512");
    private static final int SHOWN = 40;
    private static final int BLOCK = 128 * 1024;

    private final String name;
    private final byte[] bytes;

    private Digest(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /**
     * Reads a digest, in upper or lower case.
     *
     * @throws IllegalArgumentException if it is malformed; the message says how
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
        if (!ALGORITHMS.containsKey(name)) {
            throw new IllegalArgumentException(
                    "expected a digest as sha256:HEX or sha512:HEX but was " + Printable.excerpt(text, SHOWN));
        }
        int length = algorithm(name).getDigestLength();
        String digits = text.substring(colon + 1);
        if (digits.length() != 2 * length || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("expected " + 2 * length + " hexadecimal digits after " + name
                    + ": but was " + Printable.excerpt(digits, 2 * length));
        }
        return new Digest(name, HexFormat.of().parseHex(digits));
    }

    /** Computes a digest of this kind. */
    MessageDigest computation() {
        return algorithm(name);
    }

    /** The digest of this kind that a computation has found. */
    Digest found(MessageDigest computation) {
        return new Digest(name, computation.digest());
    }

    /** The digest of this kind that a file has. */
    Digest of(Path file) throws IOException {
        MessageDigest computation = computation();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel source = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (source.read(block) >= 0) {
                computation.update(block.flip());
                block.clear();
            }
        }
        return found(computation);
    }

    private static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(ALGORITHMS.getOrDefault(name, name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected a JDK with " + name + ", as all are", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest digest && name.equals(digest.name) && Arrays.equals(bytes, digest.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** As it is parsed. */
    @Override
    public String toString() {
        return name + ":" + HexFormat.of().formatHex(bytes);
    }
}
