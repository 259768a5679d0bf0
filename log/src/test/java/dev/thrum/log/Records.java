package dev.thrum.log;

import dev.thrum.log.RequestRecord.Head;
import java.net.InetAddress;
import java.time.Instant;

/** Records for tests. */
final class Records {
    static final long TIME = Instant.parse("2026-11-20T08:20:00.007Z").toEpochMilli();

    private Records() {}

    static RequestRecord numbered(long number) {
        return of("r-" + number, new Head("GET", "/" + number, null, true, null, null, false, null));
    }

    static RequestRecord of(String id, Head head) {
        return new RequestRecord(TIME, id, InetAddress.ofLiteral("192.0.2.7"), head, 200, 13, 1_234_567);
    }

    /** The number of a record made by {@link #numbered}. */
    static long number(RequestRecord record) {
        return Long.parseLong(record.id().substring(2));
    }
}
