package dev.thrum.crawl.mine;

/**
 * How results are written: a line for each value of a page, and one for a failure. What a server sends can't change the
 * terminal that shows it: control characters, and those that change the direction of writing, are escaped or replaced.
 */
public enum MinedFormat {
    /**
     * JSON, an object a line: {@code {"url":…,"final":…,"status":200,"value":…}}, and {@code {"url":…,"error":…}} with {@code
     * final} and {@code status} if there was a response. Such characters are {@code \}{@code uXXXX}.
     */
    JSON {
        @Override
        public String header() {
            return "";
        }

        @Override
        public String lines(Mined mined) {
            return JsonLines.of(mined);
        }
    },

    /**
     * CSV (RFC 4180) with the columns {@code url,final,status,value,error}. Such characters are U+FFFD. A value that a
     * spreadsheet would take for a formula, because it begins with {@code =}, {@code +}, {@code -} or {@code @}, gets an
     * apostrophe before it.
     */
    CSV {
        @Override
        public String header() {
            return CsvLines.HEADER;
        }

        @Override
        public String lines(Mined mined) {
            return CsvLines.of(mined);
        }
    };

    /** What comes before all results, with its line end; may be empty. */
    public abstract String header();

    /** The lines of a result, each with its line end; empty for a page without a match. */
    public abstract String lines(Mined mined);
}
