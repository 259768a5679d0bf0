package dev.thrum.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Bytes compressed by the JDK. */
final class Gzipped {
    private Gzipped() {}

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(all)) {
            out.write(content);
        }
        return all.toByteArray();
    }
}
