package dev.thrum.services.admin;

import dev.thrum.database.DatabaseStats;
import dev.thrum.services.data.Data;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The metrics of the database, for Prometheus. */
public final class DatabaseMetrics implements MeterBinder {
    private final Data data;

    public DatabaseMetrics(Data data) {
        this.data = data;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("thrum.database.up", data, d -> d.fault().isEmpty() ? 1 : 0)
                .description("whether the database worked when it was last asked")
                .register(registry);
        gauge(registry, "threads", "threads that talk to the database", DatabaseStats::threads);
        gauge(registry, "running", "how many of them serve a call", DatabaseStats::running);
        gauge(registry, "waiting", "calls that wait for one of them", DatabaseStats::waiting);
        counter(registry, "calls", "calls handed in", DatabaseStats::calls);
        counter(registry, "overloaded", "calls refused because too many waited", DatabaseStats::overloaded);
        counter(registry, "commits", "transactions that wrote", DatabaseStats::commits);
        counter(registry, "committed", "calls that these held", DatabaseStats::committed);
        counter(registry, "retries", "tries repeated because of others or a lost connection", DatabaseStats::retries);
    }

    private void gauge(MeterRegistry to, String name, String about, ToDoubleFunction<DatabaseStats> value) {
        Gauge.builder("thrum.database." + name, data, d -> value.applyAsDouble(d.stats()))
                .description(about)
                .register(to);
    }

    private void counter(MeterRegistry to, String name, String about, ToDoubleFunction<DatabaseStats> value) {
        FunctionCounter.builder("thrum.database." + name, data, d -> value.applyAsDouble(d.stats()))
                .description(about)
                .register(to);
    }
}
