package dev.thrum.tls;

import dev.thrum.base.IoWords;
import dev.thrum.base.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of PEM blocks (RFC 7468), read as a whole. Text before, between and after the blocks is ignored: openssl writes
 * attributes there.
 */
final class PemFile {
    /** Larger files are not certificates. */
    static final int MOST_BYTES = 1 << 20;

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([^-]{1,64})-----");

    /** A header inside a block, as the traditional format of openssl has them (RFC 1421, section 4.6). */
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]+:.*");

    /** The mark of UTF-8 that editors on Windows write, read as ISO 8859-1. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final Path path;
    private final String role;
    private final byte[] content;

    /** One block: what it says that it is, its headers in one line each, and its bytes. */
    static final class Block {
        private final String label;
        private final List<String> headers;
        private final byte[] der;

        private Block(String label, List<String> headers, byte[] der) {
            this.label = label;
            this.headers = List.copyOf(headers);
            this.der = der;
        }

        String label() {
            return label;
        }

        boolean isCertificate() {
            return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
        }

        boolean isKey() {
            return label.endsWith("PRIVATE KEY");
        }

        /** Whether it is encrypted in the way of openssl before 1.0. */
        boolean isTraditionallyEncrypted() {
            return headers.stream().anyMatch(header -> header.startsWith("Proc-Type:") && header.contains("ENCRYPTED"));
        }

        byte[] der() {
            return der;
        }
    }

    private PemFile(Path path, String role, byte[] content) {
        this.path = path;
        this.role = role;
        this.content = content;
    }

    /**
     * Reads a file.
     *
     * @param role what it is for, at the beginning of messages, such as {@code certificate file}
     * @throws TlsConfigException if it can't be read, is empty or too large
     */
    static PemFile read(Path path, String role) throws TlsConfigException {
        String title = title(path, role);
        if (Files.isDirectory(path)) {
            throw new TlsConfigException(title + ": expected a file but was a directory; name the file in it");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            if (content.length > MOST_BYTES) {
                throw new TlsConfigException(title + ": expected at most " + MOST_BYTES
                        + " bytes but there are more; name a file with only certificates and keys");
            }
            return new PemFile(path, role, content);
        } catch (NoSuchFileException e) {
            throw new TlsConfigException(
                    title + ": expected a file but there is none; correct the path or create the file", e);
        } catch (TlsConfigException e) {
            throw e;
        } catch (IOException e) {
            throw new TlsConfigException(
                    title + ": expected a file that can be read but " + Printable.of(IoWords.of(e))
                            + "; give the user of this program the right to read it",
                    e);
        }
    }

    /** The bytes of the file; the caller must not change them. */
    byte[] content() {
        return content;
    }

    /** The same file for another purpose. */
    PemFile as(String otherRole) {
        return new PemFile(path, otherRole, content);
    }

    /** The role and the path. */
    String title() {
        return title(path, role);
    }

    private static String title(Path path, String role) {
        return role + " " + Printable.of(path.toString());
    }

    /** A failure of this file. */
    TlsConfigException refused(String message) {
        return refused(message, null);
    }

    TlsConfigException refused(String message, @Nullable Throwable cause) {
        return new TlsConfigException(title() + ": " + message, cause);
    }

    /**
     * The blocks in the order of the file.
     *
     * @param wanted what the caller looks for, for the message if there is none, such as {@code a certificate}
     * @throws TlsConfigException if there is none, or one is damaged
     */
    List<Block> blocks(String wanted) throws TlsConfigException {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
        List<String> lines = text.substring(start).lines().toList();
        List<Block> blocks = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            Matcher begin = BEGIN.matcher(lines.get(at).strip());
            if (begin.matches()) {
                String label = begin.group(1);
                int end = end(lines, at, label);
                blocks.add(block(lines, at, end, label));
                at = end;
            }
            at++;
        }
        if (blocks.isEmpty()) {
            throw refused("expected " + wanted + " in PEM but " + whatInstead());
        }
        return blocks;
    }

    private int end(List<String> lines, int begin, String label) throws TlsConfigException {
        String wanted = "-----END " + label + "-----";
        for (int i = begin + 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.equals(wanted)) {
                return i;
            }
            if (line.startsWith("-----")) {
                break;
            }
        }
        throw refused("expected the line \"" + Printable.of(wanted) + "\" after line " + (begin + 1)
                + " but it is missing; copy the file again, it has lost lines");
    }

    private Block block(List<String> lines, int begin, int end, String label) throws TlsConfigException {
        List<String> headers = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = begin + 1; i < end; i++) {
            String line = lines.get(i).strip();
            if (text.isEmpty() && HEADER.matcher(line).matches()) {
                headers.add(line);
            } else {
                text.append(line);
            }
        }
        if (!headers.isEmpty() && text.isEmpty()) {
            throw notBase64(label, begin, null);
        }
        try {
            byte[] der = Base64.getDecoder().decode(text.toString());
            if (der.length == 0) {
                throw notBase64(label, begin, null);
            }
            return new Block(label, headers, der);
        } catch (IllegalArgumentException e) {
            throw notBase64(label, begin, e);
        }
    }

    private TlsConfigException notBase64(String label, int begin, @Nullable Throwable cause) {
        return refused(
                "expected base64 in the block " + Printable.of(label) + " that begins in line " + (begin + 1)
                        + " but was other text; copy the file again",
                cause);
    }

    private String whatInstead() {
        if (content.length == 0) {
            return "the file is empty; write the PEM file again";
        }
        int first = content[0] & 0xff;
        int second = content.length > 1 ? content[1] & 0xff : 0;
        if (first == Der.SEQUENCE) {
            return "was binary; convert it with \"openssl x509 -inform DER\", \"openssl pkey -inform DER\" or \"openssl"
                    + " pkcs12 -nodes\"";
        }
        if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff)) {
            return "was text in UTF-16; save it as ASCII";
        }
        return "there is no line \"-----BEGIN …-----\"; name a PEM file";
    }
}
