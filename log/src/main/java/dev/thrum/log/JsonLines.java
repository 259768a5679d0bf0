package dev.thrum.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.log.RequestRecord.Head;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Lines of {@link LogFormat#JSON}; an object with {@code dropped} reports missing records. */
final class JsonLines implements LineWriter {
    private static final byte[] TIME = "{\"time\":\"".getBytes(US_ASCII);
    private static final byte[] ID = "\",\"id\":\"".getBytes(US_ASCII);
    private static final byte[] CLIENT = "\",\"client\":\"".getBytes(US_ASCII);
    private static final byte[] METHOD = "\",\"method\":\"".getBytes(US_ASCII);
    private static final byte[] TARGET = "\",\"target\":\"".getBytes(US_ASCII);
    private static final byte[] VERSION_1_1 = "\",\"version\":\"1.1".getBytes(US_ASCII);
    private static final byte[] VERSION_1_0 = "\",\"version\":\"1.0".getBytes(US_ASCII);
    private static final byte[] REFERER = "\",\"referer\":\"".getBytes(US_ASCII);
    private static final byte[] AGENT = "\",\"agent\":\"".getBytes(US_ASCII);
    private static final byte[] STATUS = "\",\"status\":".getBytes(US_ASCII);
    private static final byte[] BYTES = ",\"bytes\":".getBytes(US_ASCII);
    private static final byte[] MICROS = ",\"micros\":".getBytes(US_ASCII);
    private static final byte[] HTTPS = ",\"scheme\":\"https\"".getBytes(US_ASCII);
    private static final byte[] HTTP = ",\"scheme\":\"http\"".getBytes(US_ASCII);
    private static final byte[] TLS = ",\"tls\":\"".getBytes(US_ASCII);
    private static final byte[] DROPPED = "\",\"dropped\":".getBytes(US_ASCII);
    private static final byte[] END = "}\n".getBytes(US_ASCII);

    private static final int NANOS_PER_MICRO = 1_000;

    private final LineTime times = new LineTime(ZoneOffset.UTC);

    @Override
    public void add(RequestRecord record, LineBuffer to) {
        to.beginLine();
        to.add(TIME);
        times.utc(record.time(), to);
        to.add(ID);
        to.json(record.id());
        to.add(CLIENT);
        to.address(record.client());
        Head head = record.head();
        if (head != null) {
            request(head, to);
        }
        to.add(STATUS);
        to.number(record.status());
        to.add(BYTES);
        to.number(record.bytes());
        to.add(MICROS);
        to.number(record.nanos() / NANOS_PER_MICRO);
        if (head != null) {
            encryption(head, to);
        }
        to.add(END);
    }

    /** At the end, where it came later than the other fields. */
    private static void encryption(Head head, LineBuffer to) {
        to.add(head.secure() ? HTTPS : HTTP);
        if (head.tls() != null) {
            to.add(TLS);
            to.json(head.tls());
            to.add('"');
        }
    }

    private static void request(Head head, LineBuffer to) {
        to.add(METHOD);
        to.json(head.method());
        to.add(TARGET);
        to.json(head.path());
        if (head.query() != null) {
            to.add('?');
            to.json(head.query());
        }
        to.add(head.http11() ? VERSION_1_1 : VERSION_1_0);
        optional(REFERER, head.referer(), to);
        optional(AGENT, head.agent(), to);
    }

    private static void optional(byte[] name, @Nullable String text, LineBuffer to) {
        if (text != null) {
            to.add(name);
            to.json(text);
        }
    }

    @Override
    public void add(LogSink.Gap gap, LineBuffer to) {
        to.beginLine();
        to.add(TIME);
        times.utc(gap.time(), to);
        to.add(DROPPED);
        to.number(gap.dropped());
        to.add(END);
    }
}
