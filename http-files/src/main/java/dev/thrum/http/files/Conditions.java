package dev.thrum.http.files;

import dev.thrum.http.Headers;
import dev.thrum.http.syntax.HttpDate;
import dev.thrum.http.syntax.Syntax;
import java.time.Instant;
import java.util.Optional;

/**
 * What a request with the fields {@code If-...} gets of a representation, in the order of precedence (RFC 9110,
 * section 13.2.2). For GET and HEAD alone.
 *
 * @param tag its entity tag, strong, with quotes
 * @param modified when it was modified, in whole seconds
 * @param now the date, for years of two digits
 */
record Conditions(String tag, Instant modified, Instant now) {
    /** What is answered. */
    enum Precondition {
        /** What was asked for. */
        PROCEED,
        /** 304. */
        NOT_MODIFIED,
        /** 412. */
        FAILED
    }

    /** By all conditions but that of a range. */
    Precondition outcome(Headers headers) {
        if (headers.contains("If-Match")) {
            if (!listed(String.join(",", headers.all("If-Match")), false)) {
                return Precondition.FAILED;
            }
        } else if (date(headers, "If-Unmodified-Since")
                .filter(modified::isAfter)
                .isPresent()) {
            return Precondition.FAILED;
        }
        if (headers.contains("If-None-Match")) {
            return listed(String.join(",", headers.all("If-None-Match")), true)
                    ? Precondition.NOT_MODIFIED
                    : Precondition.PROCEED;
        }
        return date(headers, "If-Modified-Since")
                        .filter(since -> !modified.isAfter(since))
                        .isPresent()
                ? Precondition.NOT_MODIFIED
                : Precondition.PROCEED;
    }

    /** Whether what the client has of it is of the same representation, so that a part will fit (13.1.5). */
    boolean allowRange(Headers headers) {
        if (!headers.contains("If-Range")) {
            return true;
        }
        if (headers.all("If-Range").size() > 1) {
            return false;
        }
        String value = headers.first("If-Range").orElse("");
        if (value.startsWith("\"")) {
            return value.equals(tag);
        }
        // While its second lasts, a file can change without its date.
        return HttpDate.parse(value, now)
                .filter(date -> date.equals(modified) && modified.plusSeconds(1).isBefore(now))
                .isPresent();
    }

    /** A date that is malformed, or there twice, is no condition (13.1.3, 13.1.4). */
    private Optional<Instant> date(Headers headers, String name) {
        if (!headers.contains(name) || headers.all(name).size() > 1) {
            return Optional.empty();
        }
        return HttpDate.parse(headers.first(name).orElse(""), now);
    }

    /**
     * Whether the tag is in a list; what is behind the first fault in it does not count.
     *
     * @param weakly whether a weak tag equals a strong one (8.8.3.2)
     */
    private boolean listed(String list, boolean weakly) {
        if (list.strip().equals("*")) {
            return true;
        }
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ',' || Syntax.isBlank(c)) {
                at++;
                continue;
            }
            boolean weak = list.startsWith("W/", at);
            int start = weak ? at + 2 : at;
            int end = start < list.length() && list.charAt(start) == '"' ? list.indexOf('"', start + 1) : -1;
            if (end < 0) {
                return false;
            }
            if ((weakly || !weak) && tag.equals(list.substring(start, end + 1))) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
