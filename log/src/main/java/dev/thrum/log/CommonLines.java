package dev.thrum.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.log.RequestRecord.Head;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Lines of {@link LogFormat#COMMON}; a line that begins with {@code #} reports missing records. */
final class CommonLines implements LineWriter {
    private static final byte[] HTTP_1_1 = " HTTP/1.1".getBytes(US_ASCII);
    private static final byte[] HTTP_1_0 = " HTTP/1.0".getBytes(US_ASCII);
    private static final byte[] BEFORE_TIME = " - [".getBytes(US_ASCII);
    private static final byte[] BEFORE_REQUEST = "] \"".getBytes(US_ASCII);
    private static final byte[] BETWEEN_QUOTES = "\" \"".getBytes(US_ASCII);
    private static final byte[] DROPPED = " dropped ".getBytes(US_ASCII);
    private static final byte[] RECORDS = " records\n".getBytes(US_ASCII);

    private final LineTime times;

    CommonLines(ZoneId zone) {
        this.times = new LineTime(zone);
    }

    @Override
    public void add(RequestRecord record, LineBuffer to) {
        Head head = record.head();
        to.beginLine();
        to.address(record.client());
        to.add(' ');
        to.quoted(record.id());
        to.add(BEFORE_TIME);
        times.local(record.time(), to);
        to.add(BEFORE_REQUEST);
        if (head == null) {
            to.add('-');
        } else {
            request(head, to);
        }
        to.add('"');
        to.add(' ');
        to.number(record.status());
        to.add(' ');
        to.number(record.bytes());
        to.add(' ');
        to.add('"');
        optional(head == null ? null : head.referer(), to);
        to.add(BETWEEN_QUOTES);
        optional(head == null ? null : head.agent(), to);
        to.add('"');
        to.add('\n');
    }

    private static void request(Head head, LineBuffer to) {
        to.quoted(head.method());
        to.add(' ');
        to.quoted(head.path());
        if (head.query() != null) {
            to.add('?');
            to.quoted(head.query());
        }
        to.add(head.http11() ? HTTP_1_1 : HTTP_1_0);
    }

    private static void optional(@Nullable String text, LineBuffer to) {
        if (text == null) {
            to.add('-');
        } else {
            to.quoted(text);
        }
    }

    @Override
    public void add(LogSink.Gap gap, LineBuffer to) {
        to.beginLine();
        to.add('#');
        to.add(' ');
        to.add('[');
        times.local(gap.time(), to);
        to.add(']');
        to.add(DROPPED);
        to.number(gap.dropped());
        to.add(RECORDS);
    }
}
