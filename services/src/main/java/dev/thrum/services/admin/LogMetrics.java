package dev.thrum.services.admin;

import dev.thrum.log.RequestLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The metrics of the access log, for Prometheus. */
public final class LogMetrics implements MeterBinder {
    private final RequestLog log;

    public LogMetrics(RequestLog log) {
        this.log = log;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("thrum.log.written", log, l -> l.stats().written())
                .description("records of requests that were written")
                .register(registry);
        FunctionCounter.builder("thrum.log.dropped", log, l -> l.stats().dropped())
                .description("records of requests that were dropped")
                .register(registry);
        Gauge.builder("thrum.log.waiting", log, l -> l.stats().waiting())
                .description("records of requests that wait to be written")
                .register(registry);
        Gauge.builder("thrum.log.failing", log, l -> l.stats().failing() ? 1 : 0)
                .description("whether the log of requests can't be written")
                .register(registry);
    }
}
