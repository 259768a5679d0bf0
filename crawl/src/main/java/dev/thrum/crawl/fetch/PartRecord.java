package dev.thrum.crawl.fetch;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a part besides its bytes; stored next to it.
 *
 * @param url that was asked for: the key of the part
 * @param name proposed for the file, safe
 * @param validators of the version that all bytes of the part are of
 * @param total bytes of the whole file; -1 if the server has not announced them
 * @param boot of the machine in which the part was written; empty if the system does not tell
 * @param durable bytes that would be there after a power failure
 */
record PartRecord(String url, String name, Validators validators, long total, String boot, long durable) {
    private static final String FORM = "part-1";
    private static final int FIELDS = 9;

    String line() {
        return RecordLine.of(List.of(
                FORM,
                url,
                name,
                validators.etag(),
                validators.lastModified(),
                Boolean.toString(validators.dateIsStrong()),
                Long.toString(total),
                boot,
                Long.toString(durable)));
    }

    /** Reads a stored record; empty if it is incomplete or malformed. */
    static Optional<PartRecord> parse(String stored) {
        return stored.endsWith("\n")
                ? RecordLine.parse(stored.substring(0, stored.length() - 1), FIELDS)
                        .flatMap(PartRecord::of)
                : Optional.empty();
    }

    private static Optional<PartRecord> of(List<String> fields) {
        Optional<Long> total = RecordLine.number(fields.get(6));
        Optional<Long> durable = RecordLine.number(fields.get(8));
        boolean valid = fields.getFirst().equals(FORM)
                && total.isPresent()
                && durable.isPresent()
                && SafeName.of(fields.get(2)).equals(Optional.of(fields.get(2)));
        if (!valid) {
            return Optional.empty();
        }
        Validators validators = new Validators(fields.get(3), fields.get(4), Boolean.parseBoolean(fields.get(5)));
        return Optional.of(
                new PartRecord(fields.get(1), fields.get(2), validators, total.get(), fields.get(7), durable.get()));
    }

    PartRecord with(Validators value) {
        return new PartRecord(url, name, value, total, boot, durable);
    }

    PartRecord withDurable(long bytes) {
        return new PartRecord(url, name, validators, total, boot, bytes);
    }
}
