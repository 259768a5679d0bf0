package dev.thrum.bench;

import dev.thrum.bench.handshakes.HandshakeProcess;
import dev.thrum.bench.handshakes.HandshakeTimes;
import dev.thrum.bench.handshakes.HandshakeTimes.Times;
import dev.thrum.bench.peers.Certificate;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * How long a handshake holds a loop, for the row {@code handshakes} of {@link TlsBench}: the CPU time of a server's thread from
 * each message that arrives until it waits for the next one. Both sides are in the memory of one process, so neither the network
 * nor the client is part of it.
 */
final class TlsHandshakes {
    private static final int WARM_UP_WINDOWS = 4;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final double NANOS_PER_MILLI = 1e6;

    /** Milliseconds; a longer step has to be offloaded. */
    private static final Bound STEP = Bound.atMost(5, 5);

    private static final List<Row> ROWS = List.of(
            new Row(Certificate.Kind.P256, "full"),
            new Row(Certificate.Kind.P256, "resumed"),
            new Row(Certificate.Kind.RSA2048, "full"),
            new Row(Certificate.Kind.RSA4096, "full"));

    private final Processes processes;
    private final PrintStream out;

    private record Row(Certificate.Kind kind, String manner) {}

    TlsHandshakes(Processes processes, PrintStream out) {
        this.processes = processes;
        this.out = out;
    }

    void run(int rounds, Duration window) throws IOException, InterruptedException {
        out.println();
        out.println(
                "| handshakes of TLS 1.3 in memory | number | server's CPU, ms, p50 - p99 - max | its longest step, ms,"
                        + " p50 - p99 - max | longest step of each round, ms (95 % interval) | bound | |");
        out.println("|---|---|---|---|---|---|---|");
        for (Row row : ROWS) {
            System.err.println("handshakes, " + row.kind.word() + ", " + row.manner);
            print(row, measured(row, rounds, window));
        }
    }

    private List<HandshakeTimes> measured(Row row, int rounds, Duration window)
            throws IOException, InterruptedException {
        String command = row.manner + " " + window.toMillis();
        List<HandshakeTimes> all = new ArrayList<>();
        try (Child process = processes.server(HandshakeProcess.class, row.kind.word())) {
            for (int i = 0; i < WARM_UP_WINDOWS; i++) {
                var _ = process.ask(command, TIMEOUT);
            }
            for (int i = 0; i < rounds; i++) {
                all.add(HandshakeTimes.parse(process.ask(command, TIMEOUT)));
            }
        }
        return all;
    }

    private void print(Row row, List<HandshakeTimes> all) {
        Interval longest = Interval.of(
                all.stream().map(times -> times.step().max() / NANOS_PER_MILLI).toList());
        out.printf(
                Locale.ROOT,
                "| %s, %s | %,d | %s | %s | %s | %s | %s |%n",
                row.kind.word(),
                row.manner,
                all.stream().mapToInt(HandshakeTimes::count).sum(),
                times(all.stream().map(HandshakeTimes::whole).toList()),
                times(all.stream().map(HandshakeTimes::step).toList()),
                longest,
                STEP,
                STEP.standing(longest));
    }

    /** The medians of the rounds, and the longest of all. */
    private static String times(List<Times> rounds) {
        return String.format(
                Locale.ROOT,
                "%.3f - %.3f - %.3f",
                figures(rounds, Times::p50).median(),
                figures(rounds, Times::p99).median(),
                figures(rounds, Times::max).quantile(1));
    }

    private static Figures figures(List<Times> rounds, ToLongFunction<Times> figure) {
        return new Figures(rounds.stream()
                .mapToDouble(times -> figure.applyAsLong(times) / NANOS_PER_MILLI)
                .toArray());
    }
}
