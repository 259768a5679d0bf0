package dev.thrum.http.files;

import dev.thrum.http.Headers;
import dev.thrum.http.syntax.HttpDate;
import dev.thrum.http.syntax.Syntax;
import java.time.Instant;
import java.util.Optional;

/**
 * Evaluates the fields {@code If-…} of GET and HEAD for a representation, in the order of precedence of RFC 9110,
 * section 13.2.2.
 *
 * @param tag its entity tag, strong, with quotes
 * @param modified its modification date, in whole seconds
 * @param now the current date, for years of two digits
 */
record Conditions(String tag, Instant modified, Instant now) {
    /** The result of all conditions. */
    enum Precondition {
        /** The request is handled as usual. */
        PROCEED,
        /** 304. */
        NOT_MODIFIED,
        /** 412. */
        FAILED
    }

    /** Evaluates all conditions but {@code If-Range}. */
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

    /** Whether the client's part is of the same representation, so that a range of it fits (13.1.5). */
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
        // Within the second of its date, a file can change and keep the date.
        return HttpDate.parse(value, now)
                .filter(date -> date.equals(modified) && modified.plusSeconds(1).isBefore(now))
                .isPresent();
    }

    /** A date that is malformed, or given twice, is ignored (13.1.3, 13.1.4). */
    private Optional<Instant> date(Headers headers, String name) {
        if (!headers.contains(name) || headers.all(name).size() > 1) {
            return Optional.empty();
        }
        return HttpDate.parse(headers.first(name).orElse(""), now);
    }

    /**
     * Whether the tag is in a list; the list is read up to its first syntax error.
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
