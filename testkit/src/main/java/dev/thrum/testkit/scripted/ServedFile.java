package dev.thrum.testkit.scripted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/** A file of a {@link FileServer}, with the fields of its responses. Immutable. */
public final class ServedFile {
    private final byte[] bytes;
    private final String etag;
    private final String lastModified;
    private final List<String> fields;
    private final boolean chunked;

    private ServedFile(byte[] bytes, String etag, String lastModified, List<String> fields, boolean chunked) {
        this.bytes = bytes;
        this.etag = etag;
        this.lastModified = lastModified;
        this.fields = fields;
        this.chunked = chunked;
    }

    /** A file without validators. */
    public static ServedFile of(byte[] bytes) {
        return new ServedFile(bytes.clone(), "", "", List.of(), false);
    }

    /** A file without validators; each character is a byte. */
    public static ServedFile of(String bytes) {
        return of(bytes.getBytes(ISO_8859_1));
    }

    /** With this entity tag, such as {@code "1"} with its quotation marks, or {@code W/"1"}. */
    public ServedFile withEtag(String value) {
        return new ServedFile(bytes, value, lastModified, fields, chunked);
    }

    /** With this date, as the field has it. */
    public ServedFile withLastModified(String value) {
        return new ServedFile(bytes, etag, value, fields, chunked);
    }

    /** With another field, as its line is sent; each character is a byte. */
    public ServedFile with(String field) {
        List<String> more = new ArrayList<>(fields);
        more.add(field);
        return new ServedFile(bytes, etag, lastModified, List.copyOf(more), chunked);
    }

    /** Sent in chunks, without its length. */
    public ServedFile inChunks() {
        return new ServedFile(bytes, etag, lastModified, fields, true);
    }

    /** The content; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    String etag() {
        return etag;
    }

    String lastModified() {
        return lastModified;
    }

    List<String> fields() {
        return fields;
    }

    boolean isChunked() {
        return chunked;
    }
}
