package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.crawler.Visit.Answered;
import dev.thrum.http.Headers;
import dev.thrum.http.syntax.HttpDate;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Requests that get a body only if it is another one than before (RFC 9110, 13). */
final class Conditions {
    static final int NOT_MODIFIED = 304;

    /** Some servers say so instead, though that is for other methods. */
    private static final int PRECONDITION_FAILED = 412;

    /** With quotation marks: {@code *} would mean any. */
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"[^\"]*\"");

    /** A page that was changed this long before it was fetched was not changed again in the second of its date. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private Conditions() {}

    /**
     * The fields that ask whether a page is still as it was recorded; none if that can't be asked, or the answer would be of no use: the
     * body was not whole, its links are those of another page, or it is in no WARC file.
     *
     * @param isArchived whether pages are to be in WARC files
     */
    static Headers of(PageLine line, boolean isArchived) {
        PageRecord page = line.page();
        PageRecord.Answer answer = page.answer();
        if (answer == null
                || answer.status() != 200
                || answer.digest() == null
                || page.truncated() != null
                || page.duplicateOf() != null
                || (line.payload() == null && isArchived)) {
            return Headers.none();
        }
        Headers fields = Headers.none();
        String etag = answer.etag();
        if (etag != null && isEtag(etag)) {
            fields = fields.and("If-None-Match", etag);
        }
        String date = answer.lastModified();
        return date != null && isSettled(page, date) ? fields.and("If-Modified-Since", date) : fields;
    }

    private static boolean isEtag(String etag) {
        return ETAG.matcher(etag).matches();
    }

    /** A date after the response, by a clock that is wrong, would hide changes until then. */
    private static boolean isSettled(PageRecord page, String lastModified) {
        return HttpDate.parse(lastModified, page.fetched())
                .filter(date -> Duration.between(date, page.fetched()).compareTo(SETTLED) >= 0)
                .isPresent();
    }

    /** Whether a response says that a page is still as it was recorded. An entity tag that is another one contradicts that. */
    static boolean isConfirmed(Answered answered, PageLine line) {
        PageRecord.Answer answer = line.page().answer();
        Optional<String> sent = answered.headers().first("ETag").filter(Conditions::isEtag);
        String known = answer == null ? null : answer.etag();
        return answered.status() == NOT_MODIFIED
                && (sent.isEmpty()
                        || known == null
                        || !isEtag(known)
                        || opaque(sent.get()).equals(opaque(known)));
    }

    /** Whether a response says anything else than a request without conditions would get. */
    static boolean isAboutConditions(Answered answered) {
        return answered.status() == NOT_MODIFIED || answered.status() == PRECONDITION_FAILED;
    }

    /** By the weak comparison (RFC 9110, 8.8.3.2). */
    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }
}
