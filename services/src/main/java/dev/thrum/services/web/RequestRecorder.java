package dev.thrum.services.web;

import dev.thrum.base.Clock;
import dev.thrum.engine.TlsInfo;
import dev.thrum.http.Request;
import dev.thrum.http.server.ExchangeLog;
import dev.thrum.log.RequestLog;
import dev.thrum.log.RequestRecord;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Creates access log records of exchanges. Safe for concurrent use. */
public final class RequestRecorder implements ExchangeLog {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RequestLog log;
    private final Clock clock;

    /** Two threads that renew it at the same time compute nearly the same value. */
    private volatile Offset offset;

    /**
     * The difference between the clock's date and its readings, in nanoseconds, determined once a second: a date for
     * each request would cost as much as its record.
     *
     * @param until the reading at which it is determined again
     */
    private record Offset(long nanos, long until) {
        static Offset of(Clock clock) {
            long reading = clock.nanoTime();
            Instant now = clock.instant();
            long date = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
            return new Offset(date - reading, reading + NANOS_PER_SECOND);
        }
    }

    public RequestRecorder(RequestLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.offset = Offset.of(clock);
    }

    @Override
    public void responded(InetSocketAddress peer, @Nullable Request request, ResponseSummary response) {
        log.put(new RequestRecord(
                millis(response.begun(), response.begun() + response.nanos()),
                response.id(),
                request == null ? peer.getAddress() : request.client(),
                request == null ? null : head(request),
                response.status(),
                response.bytes(),
                response.nanos()));
    }

    private long millis(long begun, long now) {
        Offset known = offset;
        if (now - known.until() >= 0) {
            known = Offset.of(clock);
            offset = known;
        }
        return (begun + known.nanos()) / NANOS_PER_MILLI;
    }

    private static RequestRecord.Head head(Request request) {
        return new RequestRecord.Head(
                request.method(),
                request.path(),
                request.query().orElse(null),
                request.isHttp11(),
                request.header("Referer").orElse(null),
                request.header("User-Agent").orElse(null),
                request.isSecure(),
                request.tls().map(TlsInfo::protocol).orElse(null));
    }

    @Override
    public void refused(InetSocketAddress peer, int status, long bytes) {
        log.putNow(new RequestRecord(clock.millis(), "-", peer.getAddress(), null, status, bytes, 0));
    }
}
