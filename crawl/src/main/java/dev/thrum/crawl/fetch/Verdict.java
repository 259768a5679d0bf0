package dev.thrum.crawl.fetch;

import dev.thrum.http.Headers;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the head of a response means for a file of which a part may be there. */
sealed interface Verdict {
    /** The body is the whole file. */
    record Whole() implements Verdict {}

    /**
     * The body is a range of the file that continues the part.
     *
     * @param length bytes of the range, which begins where the part ends
     * @param total bytes of the whole file; -1 if the server does not know
     */
    record Range(long length, long total) implements Verdict {}

    /** The part is the whole file. */
    record Complete() implements Verdict {}

    /**
     * The part and this response can't be put together with certainty: start over.
     *
     * @param reason for a message
     */
    record StartOver(String reason) implements Verdict {}

    /** The response is a failure. */
    record Refused() implements Verdict {}

    /**
     * Judges a response.
     *
     * @param length of the part from whose end on the file was asked for; 0 if all of it was
     * @param part what it is a part of; null if all of the file was asked for
     */
    static Verdict of(int status, Headers headers, Validators validators, long length, @Nullable PartRecord part) {
        if (status == 200 || status == 203) {
            return new Whole();
        }
        if (part == null || length == 0) {
            return new Refused();
        }
        return switch (status) {
            case 206 -> range(headers, validators, length, part);
            case 416 -> unsatisfied(headers, validators, length, part);
            default -> new Refused();
        };
    }

    private static Verdict range(Headers headers, Validators validators, long length, PartRecord part) {
        Optional<ContentRange> range =
                headers.first("Content-Range").flatMap(ContentRange::parse).filter(it -> !it.isUnsatisfied());
        if (range.isEmpty()) {
            return new StartOver("a part without a valid Content-Range");
        }
        ContentRange sent = range.get();
        if (!part.validators().identify(validators)) {
            return new StartOver("a part that may be of another version");
        }
        if (isOther(sent.total(), part.total())) {
            return new StartOver("a part of a file of " + sent.total() + " bytes instead of " + part.total());
        }
        // One that begins earlier could be used too, but a server that errs in this may also err in what it sends.
        if (sent.first() != length) {
            return new StartOver("a part that begins at " + sent.first() + " instead of " + length);
        }
        OptionalLong declared = headers.contains("Transfer-Encoding") ? OptionalLong.empty() : declared(headers);
        if (declared.isPresent() && declared.getAsLong() != sent.length()) {
            return new StartOver("a part of " + declared.getAsLong() + " bytes, labelled as one of " + sent.length());
        }
        return new Range(sent.length(), Math.max(sent.total(), part.total()));
    }

    private static Verdict unsatisfied(Headers headers, Validators validators, long length, PartRecord part) {
        Optional<ContentRange> range = headers.first("Content-Range").flatMap(ContentRange::parse);
        boolean whole =
                range.isPresent() && range.get().isUnsatisfied() && range.get().total() == length;
        // Without a validator it is about the version that If-Range has named.
        boolean other = !validators.etag().isEmpty() && !part.validators().identify(validators);
        return whole && !other && !isOther(length, part.total())
                ? new Complete()
                : new StartOver("the status 416 for a part of " + length + " bytes");
    }

    private static boolean isOther(long total, long known) {
        return total != ContentRange.UNKNOWN && known != ContentRange.UNKNOWN && total != known;
    }

    /** The length that the head declares; empty if it is malformed or there is none. */
    static OptionalLong declared(Headers headers) {
        String value = headers.first("Content-Length").orElse("");
        return RecordLine.number(value)
                .filter(it -> it >= 0)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }
}
