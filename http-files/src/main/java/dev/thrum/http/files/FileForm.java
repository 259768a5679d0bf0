package dev.thrum.http.files;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.base.Plural;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.Response.Content;
import dev.thrum.http.files.FileRoot.Opened;
import dev.thrum.http.files.FileRoot.Place;
import dev.thrum.http.syntax.HttpDate;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A representation of a file: the file itself, or its compressed form next to it. Its header fields, and the responses
 * 304 and 200 from memory, are made once. Safe for concurrent use.
 */
final class FileForm {
    private final Place place;
    private final Stamp stamp;
    private final String tag;
    private final Headers headers;
    private final Response unmodified;
    private final OpenFilePool spares;

    /** The response with all of it, if it is in memory. */
    private final @Nullable Response whole;

    private final int held;

    /**
     * A representation.
     *
     * @param about further header fields, its type above all
     * @param bytes all of it, if it is cached in memory
     */
    FileForm(Place place, Stamp stamp, Headers about, byte @Nullable [] bytes, OpenFilePool spares) {
        this.place = place;
        this.stamp = stamp;
        this.tag = stamp.tag();
        this.spares = spares;
        Headers validators = Headers.builder()
                .add("ETag", tag)
                .add("Last-Modified", HttpDate.format(stamp.modifiedSecond()))
                .add("Cache-Control", "no-cache")
                .build();
        this.headers = about.and(validators).and("Accept-Ranges", "bytes").and("X-Content-Type-Options", "nosniff");
        Headers varying =
                about.first("Vary").map(names -> validators.and("Vary", names)).orElse(validators);
        this.unmodified = Response.of(304, varying, new Content.Bytes(new byte[0]));
        this.whole = bytes == null ? null : Response.of(200, headers, new Content.Bytes(bytes, true));
        this.held = bytes == null ? 0 : bytes.length;
    }

    /** The file has changed since this representation was made. */
    static final class Stale extends IOException {
        private static final long serialVersionUID = 1L;

        Stale() {
            super("the file was changed or replaced");
        }
    }

    Stamp stamp() {
        return stamp;
    }

    OpenFilePool spares() {
        return spares;
    }

    /** The number of bytes of memory that its content takes. */
    int held() {
        return held;
    }

    /**
     * The response to GET or HEAD.
     *
     * @throws Stale if the file has changed meanwhile
     * @throws HttpException 412 or 416
     */
    Response response(Request request, Clock clock) throws Exception {
        Headers asked = request.headers();
        if (!asked.mayBeConditional()) {
            return all(request);
        }
        Conditions conditions = new Conditions(tag, stamp.modifiedSecond(), clock.instant());
        return switch (conditions.outcome(asked)) {
            case FAILED -> throw HttpException.of(412, "The file does not meet a condition of the request");
            case NOT_MODIFIED -> unmodified;
            // Only GET has ranges (RFC 9110, 14.2).
            case PROCEED ->
                request.method().equals("GET") && asked.all("Range").size() == 1 && conditions.allowRange(asked)
                        ? part(request, ByteRange.of(asked.first("Range").orElse(""), stamp.size()))
                        : all(request);
        };
    }

    private Response all(Request request) throws Exception {
        if (whole != null) {
            return whole;
        }
        return Response.of(200, headers, region(request, 0, stamp.size()));
    }

    private Response part(Request request, ByteRange range) throws Exception {
        return switch (range) {
            case ByteRange.Whole() -> all(request);
            case ByteRange.None() ->
                throw HttpException.of(416, "The file has only " + Plural.of(stamp.size(), "byte"))
                        .with("Content-Range", "bytes */" + stamp.size());
            case ByteRange.Part part -> {
                String field = "bytes " + part.first() + "-" + part.last() + "/" + stamp.size();
                yield Response.of(206, headers.and("Content-Range", field), content(request, part));
            }
        };
    }

    private Content content(Request request, ByteRange.Part part) throws Exception {
        if (whole != null && whole.content() instanceof Content.Bytes here) {
            byte[] bytes = new byte[(int) part.length()];
            System.arraycopy(here.bytes(), (int) part.first(), bytes, 0, bytes.length);
            return new Content.Bytes(bytes, true);
        }
        return region(request, part.first(), part.length());
    }

    /** A file that can't be opened any more is looked up again, which tells whether it still exists. */
    private Opened open() throws IOException {
        try {
            return FileRoot.open(place);
        } catch (FileSystemException e) {
            throw new Stale();
        }
    }

    private Content region(Request request, long position, long length) throws Exception {
        if (request.method().equals("HEAD")) {
            return new Content.Stream(length, _ -> {
                throw new IllegalStateException("expected no body to be sent in a response to HEAD");
            });
        }
        FileChannel spare = spares.take();
        if (spare != null) {
            BorrowedFile file = lent(request, spare);
            if (spare.size() >= stamp.size()) {
                return new Content.Region(file, position, length);
            }
            file.close();
            throw new Stale();
        }
        return new Content.Region(request.offload(Offload.FILES, () -> opened(request)), position, length);
    }

    private BorrowedFile opened(Request request) throws IOException {
        Opened opened = open();
        BorrowedFile file = lent(request, opened.channel());
        if (!opened.stamp().equals(stamp)) {
            file.close();
            throw new Stale();
        }
        return file;
    }

    private BorrowedFile lent(Request request, FileChannel channel) throws IOException {
        BorrowedFile file = new BorrowedFile(channel, spares);
        request.scope().atEnd(file::close);
        return file;
    }
}
