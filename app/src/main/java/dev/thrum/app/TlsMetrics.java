package dev.thrum.app;

import dev.thrum.base.Clock;
import dev.thrum.tls.HandshakeStats;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsCertificate;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The metrics of TLS, for Prometheus: handshakes, and how long the certificates are valid. */
final class TlsMetrics implements MeterBinder {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final double SECONDS_PER_DAY = Duration.ofDays(1).toSeconds();

    private final List<Tls> all;
    private final Clock clock;

    // Set once, by the first scrape; volatile for the thread that refreshes.
    private volatile @Nullable MultiGauge days;

    /** @param all with the same certificates */
    TlsMetrics(List<Tls> all, Clock clock) {
        this.all = List.copyOf(all);
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String protocol : PROTOCOLS) {
            count(registry, protocol, "done", stats -> stats.done().getOrDefault(protocol, 0L));
        }
        count(registry, "none", "failed", HandshakeStats::failed);
        count(registry, "none", "ended", HandshakeStats::ended);
        count(registry, "none", "late", HandshakeStats::late);
        FunctionTimer.builder(
                        "thrum.tls.handshake",
                        all,
                        each -> sum(each, TlsMetrics::complete),
                        each -> sum(each, stats -> stats.time().toNanos()),
                        TimeUnit.NANOSECONDS)
                .description("time of TLS handshakes that were completed")
                .register(registry);
        days = MultiGauge.builder("thrum.tls.certificate.expires.days")
                .description("days until the certificate expires, or one that vouches for it")
                .register(registry);
        refresh();
    }

    /** Replaces the gauges of certificates by those of the current ones. */
    void refresh() {
        MultiGauge gauges = days;
        if (gauges != null) {
            gauges.register(
                    certificates().stream()
                            .map(TlsMetrics::name)
                            .distinct()
                            .<MultiGauge.Row<?>>map(
                                    name -> MultiGauge.Row.of(Tags.of("name", name), this, it -> it.daysLeft(name)))
                            .toList(),
                    true);
        }
    }

    /** Days until the first certificate of this name expires. */
    private double daysLeft(String name) {
        return certificates().stream()
                .filter(certificate -> name(certificate).equals(name))
                .mapToDouble(certificate ->
                        Duration.between(clock.instant(), certificate.expires()).toSeconds() / SECONDS_PER_DAY)
                .min()
                .orElse(Double.NaN);
    }

    private List<TlsCertificate> certificates() {
        return all.getFirst().certificates();
    }

    private static String name(TlsCertificate certificate) {
        return certificate.names().isEmpty() ? "none" : certificate.names().getFirst();
    }

    private static long complete(HandshakeStats stats) {
        return stats.done().values().stream().mapToLong(Long::longValue).sum();
    }

    private static long sum(List<Tls> all, ToLongFunction<HandshakeStats> value) {
        return all.stream().map(Tls::handshakes).mapToLong(value).sum();
    }

    private void count(MeterRegistry registry, String protocol, String outcome, ToLongFunction<HandshakeStats> value) {
        FunctionCounter.builder("thrum.tls.handshakes", all, each -> sum(each, value))
                .description("TLS handshakes, by protocol and outcome")
                .tags("protocol", protocol, "outcome", outcome)
                .register(registry);
    }
}
