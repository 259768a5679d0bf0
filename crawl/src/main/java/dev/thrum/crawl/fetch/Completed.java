package dev.thrum.crawl.fetch;

import java.util.List;
import java.util.Optional;

/**
 * A file that an attempt has completed.
 *
 * @param url that was asked for
 * @param name of the file in the folder
 * @param bytes of the file
 * @param changed when the file was last changed, as nanoseconds since 1970: a file that is different now is another one
 * @param validators of its version
 */
record Completed(String url, String name, long bytes, long changed, Validators validators) {
    private static final String FORM = "file-1";
    private static final int FIELDS = 8;

    String line() {
        return RecordLine.of(List.of(
                FORM,
                url,
                name,
                Long.toString(bytes),
                Long.toString(changed),
                validators.etag(),
                validators.lastModified(),
                Boolean.toString(validators.dateIsStrong())));
    }

    /** Reads a line without its line feed; empty if it is malformed. */
    static Optional<Completed> parse(String line) {
        return RecordLine.parse(line, FIELDS).flatMap(Completed::of);
    }

    private static Optional<Completed> of(List<String> fields) {
        Optional<Long> bytes = RecordLine.number(fields.get(3));
        Optional<Long> changed = RecordLine.number(fields.get(4));
        boolean valid = fields.getFirst().equals(FORM)
                && bytes.isPresent()
                && changed.isPresent()
                && SafeName.of(fields.get(2)).equals(Optional.of(fields.get(2)));
        return valid
                ? Optional.of(new Completed(
                        fields.get(1),
                        fields.get(2),
                        bytes.get(),
                        changed.get(),
                        new Validators(fields.get(5), fields.get(6), Boolean.parseBoolean(fields.get(7)))))
                : Optional.empty();
    }
}
