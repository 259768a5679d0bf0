package dev.thrum.bench.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The claims, and the ratios that decide on them. */
final class ClaimTest {
    private static final double CLOSE = 1e-3;
    private static final String EPOLL = "events-epoll/straight";
    private static final String VIRTUAL = "virtual/straight";
    private static final String NETTY = "netty-epoll";

    @Test
    void claims_haveTheirBounds_atTheLoadsThatAreBounded() {
        Load few = new Load(Exchange.LINE, 8);
        Load some = new Load(Exchange.LINE, 64);
        Load many = new Load(Exchange.LINE, 1_000);
        List<Claim> claims = LineClaims.at(List.of(few, some, many));

        assertThat(claims)
                .contains(new Claim(EPOLL, NETTY, Figure.CPU, some, Bound.atMost(1.05, 1.0)))
                .contains(new Claim(EPOLL, NETTY, Figure.CPU, few, Bound.none()))
                .contains(new Claim(EPOLL, NETTY, Figure.RATE, many, Bound.atLeast(1.0, 1.15)))
                .contains(new Claim(VIRTUAL, NETTY, Figure.RATE, many, Bound.none()))
                .noneMatch(
                        claim -> claim.figure() == Figure.RATE && claim.load().equals(few))
                .allMatch(claim -> Protocol.LINES.contender(claim.contender()).isPresent()
                        && Protocol.LINES.contender(claim.peer()).isPresent());
    }

    @Test
    void httpClaims_haveTheirBounds_atTheLoadsThatAreBounded() {
        Load few = new Load(Exchange.JSON, 8);
        Load many = new Load(Exchange.JSON, 1_024);
        Load pipelined = new Load(Exchange.PIPELINED, 64);
        List<Claim> claims = HttpClaims.at(List.of(few, many, pipelined));

        assertThat(claims)
                .contains(new Claim("events-nio", "netty-nio", Figure.CPU, many, Bound.atMost(1.05, 1.0)))
                .contains(new Claim("events-io_uring", "netty-io_uring", Figure.CPU, many, Bound.atMost(1.05, 1.0)))
                .contains(
                        new Claim("events-io_uring", "netty-io_uring", Figure.CPU, pipelined, Bound.atMost(0.65, 0.55)))
                .contains(new Claim("events-epoll", "jdk", Figure.CPU, many, Bound.below(1.0)))
                .contains(new Claim("virtual", "helidon", Figure.CPU, few, Bound.none()))
                .contains(new Claim("events-epoll", NETTY, Figure.YIELD, pipelined, Bound.atLeast(1.5)))
                .filteredOn(claim -> claim.load().equals(pipelined))
                .hasSize(3);
        assertThat(claims)
                .allMatch(claim -> Protocol.HTTP.contender(claim.contender()).isPresent()
                        && Protocol.HTTP.contender(claim.peer()).isPresent());
    }

    @Test
    void ringsClaims_compareWithNettyAndEpoll_whereTheResponseIsShort() {
        Load some = new Load(Exchange.PLAINTEXT, 64);
        Load many = new Load(Exchange.PLAINTEXT, 1_024);
        assertThat(HttpClaims.at(List.of(some, many)))
                .filteredOn(claim -> claim.contender().equals("events-io_uring"))
                .containsExactly(
                        new Claim("events-io_uring", "netty-io_uring", Figure.CPU, some, Bound.atMost(1.0, 0.96)),
                        new Claim("events-io_uring", "events-epoll", Figure.CPU, some, Bound.atMost(0.96, 0.92)),
                        new Claim("events-io_uring", "netty-io_uring", Figure.P50, some, Bound.atMost(1.25, 1.0)),
                        new Claim("events-io_uring", "netty-io_uring", Figure.CPU, many, Bound.atMost(1.0, 0.96)),
                        new Claim("events-io_uring", "events-epoll", Figure.CPU, many, Bound.atMost(0.92, 0.85)));
        assertThat(LineClaims.at(List.of(new Load(Exchange.LINE, 1_000))))
                .contains(new Claim(
                        "events-io_uring/straight",
                        "netty-io_uring",
                        Figure.CPU,
                        new Load(Exchange.LINE, 1_000),
                        Bound.atMost(1.08, 1.0)));
    }

    /** Half the CPU per request is twice the requests per second of CPU. */
    @Test
    void yield_isTheReciprocalOfCpu() {
        Claim claim = new Claim("ours", "theirs", Figure.YIELD, new Load(Exchange.PIPELINED, 64), Bound.none());

        assertThat(claim.ratio(List.of(window(1_000)), List.of(window(2_000))).estimate())
                .isCloseTo(2, within(CLOSE));
    }

    /** Our windows took 2 and 6 µs a round trip, theirs 1 and 1.5: ratios 2 and 4, whose geometric mean is the root of 8. */
    @Test
    void ratio_pairsTheWindowsOfEachRound() {
        Claim claim = new Claim(VIRTUAL, NETTY, Figure.CPU, new Load(Exchange.LINE, 8), Bound.none());

        Interval ratio = claim.ratio(List.of(window(2_000), window(6_000)), List.of(window(1_000), window(1_500)));

        assertThat(ratio.estimate()).isCloseTo(Math.sqrt(8), within(CLOSE));
    }

    private static Window window(long cpu) {
        return new Window(1, 1, cpu, 0, 0, 0, 0, 0, 0, 0);
    }
}
