package dev.thrum.http.client;

import dev.thrum.engine.DeadlineException;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ResponseException.Kind;
import dev.thrum.http.wire.HeadLines;
import dev.thrum.http.wire.ReadBudget;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of the responses of one connection (RFC 9112, sections 4 and 11): strictly, where any doubt about the
 * end of a response is an error, or tolerantly. Either way no further response is read from the connection after a
 * doubt. Owned by the thread that reads.
 */
final class ResponseReader {
    private static final int MOST_INTERIM = 8;
    private static final int MOST_EMPTY = 4;

    private final HttpLimits limits;
    private final ReadBudget budget;
    private final HeadLines lines;
    private final @Nullable RawTap tap;

    ResponseReader(HttpLimits limits, ReadBudget budget, HeadLines lines, @Nullable RawTap tap) {
        this.limits = limits;
        this.budget = budget;
        this.lines = lines;
        this.tap = tap;
    }

    /**
     * A status line and header fields.
     *
     * @param http11 HTTP/1.1, not 1.0
     */
    record Head(int status, boolean http11, Headers headers) {}

    /** Waits for the head of the response; interim responses before it are skipped (RFC 9110, 15.2). */
    Head read() throws IOException {
        budget.begin(limits.pace().head());
        awaitFirst();
        for (int interim = 0; interim <= MOST_INTERIM; interim++) {
            Head head = readOne();
            if (head.status() == 101) {
                throw ResponseException.malformed(
                        "Malformed response: expected no status 101, because the request had no Upgrade");
            }
            if (head.status() >= 200) {
                if (tap != null) {
                    tap.endHead();
                }
                return head;
            }
            if (tap != null) {
                tap.skipHead();
            }
        }
        throw new ResponseException(
                Kind.TOO_LARGE,
                "Too many interim responses: expected at most " + MOST_INTERIM + " of status 1xx",
                null);
    }

    private void awaitFirst() throws IOException {
        try {
            if (budget.awaitFirst()) {
                return;
            }
        } catch (DeadlineException e) {
            throw e;
        } catch (IOException e) {
            // An interrupt says nothing about the server.
            throw Thread.currentThread().isInterrupted() ? e : nothing(e);
        }
        throw nothing(null);
    }

    /** The connection ended or failed before any byte of a response. */
    static ResponseException nothing(@Nullable IOException cause) {
        String how = cause == null ? "the server ended the connection" : "the connection failed: " + cause.getMessage();
        return new ResponseException(Kind.NOTHING, "No response: expected one but " + how, cause);
    }

    private Head readOne() throws IOException {
        nextLine();
        // Leniency.EMPTY_LINES_BEFORE_STATUS
        for (int empty = 0; empty < MOST_EMPTY && lines.isTolerant() && lines.isEmpty(); empty++) {
            lines.doubt();
            nextLine();
        }
        StatusLine line = StatusLine.parse(lines.bytes(), lines.start(), lines.end(), lines.isTolerant());
        if (line.doubtful()) {
            lines.doubt();
        }
        return new Head(line.status(), line.http11(), lines.fields(limits));
    }

    private void nextLine() throws IOException {
        lines.next(
                limits.requestLine(),
                () -> HttpException.of(
                        413, "Status line too long: expected at most " + limits.requestLine() + " bytes"));
    }
}
