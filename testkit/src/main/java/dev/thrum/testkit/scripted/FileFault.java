package dev.thrum.testkit.scripted;

import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A fault of one response of a {@link FileServer}, by its name. */
public final class FileFault {
    private final String name;
    private final Spoiling spoiling;

    private interface Spoiling {
        void spoil(FileReply reply, ServedFile file);
    }

    private FileFault(String name, Spoiling spoiling) {
        this.name = name;
        this.spoiling = spoiling;
    }

    void spoil(FileReply reply, ServedFile file) {
        spoiling.spoil(reply, file);
    }

    /** No fault: in a script, for a response that is right. */
    public static FileFault none() {
        return new FileFault("none", (_, _) -> {});
    }

    /** The connection ends in an orderly way after this many bytes of the body. */
    public static FileFault cutAfter(int bytes) {
        return ending("cut after " + bytes, bytes, Then.END);
    }

    /** The connection ends in an orderly way after this many bytes of head and body. */
    public static FileFault cutAt(int bytes) {
        return new FileFault("cut at " + bytes, (reply, _) -> {
            reply.most = bytes;
            reply.then = Then.END;
        });
    }

    /** The connection is reset after this many bytes of the body. */
    public static FileFault resetAfter(int bytes) {
        return ending("reset after " + bytes, bytes, Then.RESET);
    }

    /** Nothing is sent any more after this many bytes of the body, and the connection stays. */
    public static FileFault silentAfter(int bytes) {
        return ending("silent after " + bytes, bytes, Then.HOLD);
    }

    private static FileFault ending(String name, int bytes, Then then) {
        return new FileFault(name, (reply, _) -> {
            reply.most = reply.head().length() + bytes;
            reply.then = then;
        });
    }

    /** Nothing is sent at all. */
    public static FileFault silent() {
        return new FileFault("silent", (reply, _) -> {
            reply.most = 0;
            reply.then = Then.HOLD;
        });
    }

    /** All that is sent is dripped: this many bytes, then a pause by the engine's clock, and so on. */
    public static FileFault drip(int bytes, Duration pause) {
        return new FileFault("drip", (reply, _) -> {
            reply.drip = bytes;
            reply.pause = pause;
        });
    }

    /** Fields without an end. */
    public static FileFault endlessHead() {
        return new FileFault("endless head", (reply, _) -> reply.endless = true);
    }

    /** The last chunk is missing; the connection ends in its place. */
    public static FileFault noLastChunk() {
        return new FileFault("no last chunk", (reply, _) -> {
            reply.chunked = true;
            reply.withoutLastChunk = true;
            reply.then = Then.END;
        });
    }

    /** The declared length is larger than that of the body by this much, or smaller if negative; then the connection ends. */
    public static FileFault wrongLength(int by) {
        return new FileFault("length wrong by " + by, (reply, _) -> {
            reply.declared = (long) reply.body.length + by;
            reply.then = Then.END;
        });
    }

    /** The whole file is sent, whatever range was asked for. */
    public static FileFault ignoredRange() {
        return new FileFault("ignored range", (reply, file) -> {
            reply.status = 200;
            reply.remove("Content-Range");
            reply.body = file.bytes();
        });
    }

    /** A range that begins this many bytes later than asked for, or earlier if negative, and says so. */
    public static FileFault shiftedRange(int by) {
        return new FileFault(
                "range shifted by " + by, (reply, file) -> range(reply, file, by, file.bytes().length - 1));
    }

    /** A range that is shorter than asked for, and says so. */
    public static FileFault shortRange(int bytes) {
        return new FileFault("range of " + bytes, (reply, file) -> {
            int last = first(reply, file) + bytes - 1;
            range(reply, file, 0, Math.min(last, file.bytes().length - 1));
        });
    }

    private static void range(FileReply reply, ServedFile file, int by, int last) {
        int first = Math.max(0, first(reply, file) + by);
        reply.remove("Content-Range");
        reply.becomeRange(file.bytes(), first, last);
    }

    private static int first(FileReply reply, ServedFile file) {
        return file.bytes().length - reply.body.length;
    }

    /** The right bytes under this label, in place of their own. */
    public static FileFault mislabelled(String contentRange) {
        return new FileFault("label " + contentRange, (reply, _) -> {
            reply.status = 206;
            reply.label(contentRange);
        });
    }

    /** A range without a label. */
    public static FileFault unlabelled() {
        return new FileFault("no label", (reply, _) -> reply.remove("Content-Range"));
    }

    /** This many bytes of the range are missing at its end, in chunks, so that only the label tells. */
    public static FileFault rangeWithout(int bytes) {
        return new FileFault("range without its last " + bytes, (reply, _) -> {
            reply.chunked = true;
            reply.body = Arrays.copyOf(reply.body, reply.body.length - bytes);
        });
    }

    /** This many bytes more than the label says, in chunks. */
    public static FileFault rangeWith(int bytes) {
        return new FileFault("range with " + bytes + " more", (reply, _) -> {
            reply.chunked = true;
            reply.body = Arrays.copyOf(reply.body, reply.body.length + bytes);
        });
    }

    /** Several ranges in one body. */
    public static FileFault multipart() {
        return new FileFault("multipart", (reply, _) -> {
            reply.remove("Content-Range");
            reply.fields.add("Content-Type: multipart/byteranges; boundary=b");
            reply.body = "--b\r\nContent-Range: bytes 0-0/1\r\n\r\nx\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII);
        });
    }

    /** Without the fields of this name. */
    public static FileFault without(String field) {
        return new FileFault("without " + field, (reply, _) -> reply.remove(field));
    }

    /** With this field in place of those of its name; each character is a byte. */
    public static FileFault with(String field) {
        return new FileFault("with " + field, (reply, _) -> {
            reply.remove(field.substring(0, field.indexOf(':')));
            reply.fields.add(field);
        });
    }

    /** Another status, with these fields and without a body. */
    public static FileFault status(int status, String... fields) {
        return new FileFault("status " + status, (reply, _) -> reply.become(status, List.of(fields)));
    }

    @Override
    public String toString() {
        return name;
    }
}
