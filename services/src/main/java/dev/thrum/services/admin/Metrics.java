package dev.thrum.services.admin;

import dev.thrum.engine.Engine;
import dev.thrum.engine.EngineStats;
import dev.thrum.engine.EngineStats.WakeUp;
import dev.thrum.http.server.RequestStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The metrics for Prometheus. Events are counted where they happen and read at a scrape, so a server that is not
 * scraped does no work here, and starts without loading these libraries.
 */
public final class Metrics {
    /** Prometheus' text format, 0.0.4. */
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double NANOS_PER_SECOND = 1e9;

    private final Engine engine;
    private final RequestStats requests;
    private final ReentrantLock lock = new ReentrantLock();

    /** Read once for a scrape, which needs each figure; concurrent scrapes may share it. */
    private volatile EngineStats stats;

    /** Created at the first scrape; guarded by the lock. */
    private @Nullable PrometheusMeterRegistry registry;

    private final List<MeterBinder> more;

    /** Creates the metrics of the engine and the requests, and further ones. */
    public Metrics(Engine engine, RequestStats requests, List<MeterBinder> more) {
        this.engine = engine;
        this.requests = requests;
        this.more = more;
        this.stats = engine.stats();
    }

    String scrape() {
        PrometheusMeterRegistry all = registry();
        stats = engine.stats();
        return all.scrape(TYPE);
    }

    private PrometheusMeterRegistry registry() {
        lock.lock();
        try {
            PrometheusMeterRegistry made = registry == null ? register() : registry;
            registry = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    private PrometheusMeterRegistry register() {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        prometheus.register(this::requestSeconds);
        PrometheusMeterRegistry made = new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT, prometheus, io.micrometer.core.instrument.Clock.SYSTEM);
        Tags tags = Tags.of("engine", engine.name());
        gauge(made, tags, "thrum.connections", "clients connected now", EngineStats::serving);
        gauge(made, tags, "thrum.connections.waiting", "clients that wait for a worker", EngineStats::waiting);
        gauge(made, tags, "thrum.connections.running", "clients that hold a thread", EngineStats::running);
        gauge(
                made,
                tags,
                "thrum.connections.resting",
                "clients that wait for their next exchange without a thread",
                EngineStats::resting);
        for (WakeUp reason : WakeUp.values()) {
            FunctionCounter.builder("thrum.connections.wakeups", engine, e -> wakeUps(e, reason))
                    .description("how often clients that rested got a thread, by reason")
                    .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                    .register(made);
        }
        counter(made, tags, "thrum.connections.accepted", "clients let in", EngineStats::accepted);
        counter(
                made,
                tags,
                "thrum.connections.refused",
                "clients turned away for lack of a place",
                EngineStats::refused);
        counter(made, tags, "thrum.bytes.received", "bytes received", EngineStats::bytesIn);
        counter(made, tags, "thrum.bytes.sent", "bytes sent", EngineStats::bytesOut);
        gauge(made, tags, "thrum.outbox.waiting", "messages that wait for their clients", EngineStats::messagesWaiting);
        counter(
                made,
                tags,
                "thrum.outbox.dropped",
                "messages dropped, or left when their connection ended",
                EngineStats::messagesDropped);
        counter(
                made,
                tags,
                "thrum.outbox.disconnected",
                "clients disconnected because they read too slowly",
                EngineStats::slowConsumers);
        Gauge.builder("thrum.loop.lag.seconds", engine, e -> seconds(e.lag()))
                .description("how long something new waits for its turn on the slowest loop")
                .tags(tags)
                .register(made);
        more.forEach(binder -> binder.bindTo(made));
        new JvmMemoryMetrics().bindTo(made);
        new JvmThreadMetrics().bindTo(made);
        new ProcessorMetrics().bindTo(made);
        new FileDescriptorMetrics().bindTo(made);
        new UptimeMetrics().bindTo(made);
        return made;
    }

    static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }

    private static double wakeUps(Engine engine, WakeUp reason) {
        return engine.wakeUps().getOrDefault(reason, 0L);
    }

    private void gauge(
            PrometheusMeterRegistry to, Tags tags, String name, String about, ToDoubleFunction<EngineStats> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.stats))
                .description(about)
                .tags(tags)
                .register(to);
    }

    private void counter(
            PrometheusMeterRegistry to, Tags tags, String name, String about, ToDoubleFunction<EngineStats> value) {
        FunctionCounter.builder(name, this, metrics -> value.applyAsDouble(metrics.stats))
                .description(about)
                .tags(tags)
                .register(to);
    }

    private HistogramSnapshot requestSeconds() {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("http_server_requests_seconds")
                .help("time from the first byte of a request until its response was written");
        for (RequestStats.Line line : requests.lines()) {
            histogram.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.of(
                            "method", line.method(), "route", line.route(), "status", Integer.toString(line.status())))
                    .sum(seconds(line.total()))
                    .classicHistogramBuckets(buckets(line.counts()))
                    .build());
        }
        return histogram.build();
    }

    private static ClassicHistogramBuckets buckets(List<Long> counts) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        List<Duration> bounds = RequestStats.bounds();
        for (int i = 0; i < counts.size(); i++) {
            double bound = i < bounds.size() ? seconds(bounds.get(i)) : Double.POSITIVE_INFINITY;
            buckets.bucket(bound, counts.get(i));
        }
        return buckets.build();
    }
}
