package dev.thrum.bench.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.peers.Contender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContestOptionsTest {
    @Test
    void options_canBeCombined() {
        ContestOptions options = ContestOptions.lines()
                .with(List.of("--rounds", "3", "--window", "0.5", "--connections", "8,1000", "--only", "netty-epoll"));

        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.window()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.connections()).containsExactly(8, 1_000);
        assertThat(options.contenders()).extracting(Contender::name).containsExactly("netty-epoll");
    }

    @Test
    void only_withAnEngine_selectsBothOfItsStyles() {
        assertThat(ContestOptions.lines()
                        .with(List.of("--only", "virtual,vertx"))
                        .contenders())
                .extracting(Contender::name)
                .containsExactly("virtual/straight", "virtual/callbacks", "vertx");
    }

    @Test
    void http_measuresEverythingByDefault_butPipelinesOnlyAt64() {
        assertThat(ContestOptions.http().loads())
                .containsExactly(
                        new Load(Exchange.PLAINTEXT, 64),
                        new Load(Exchange.PLAINTEXT, 1_024),
                        new Load(Exchange.JSON, 64),
                        new Load(Exchange.JSON, 1_024),
                        new Load(Exchange.PIPELINED, 64));
        assertThat(ContestOptions.http().mostConnections()).isEqualTo(1_024);
    }

    @Test
    void push_measuresLinesOneByOneAndTogether_forItsReceivers() {
        ContestOptions options =
                ContestOptions.push().with(List.of("--receivers", "100,1000", "--only", "netty-epoll,virtual"));

        assertThat(options.contenders()).extracting(Contender::name).containsExactly("virtual", "netty-epoll");
        assertThat(options.loads())
                .extracting(Load::toString)
                .containsExactly(
                        "100 receivers",
                        "1,000 receivers",
                        "16 lines together, 100 receivers",
                        "16 lines together, 1,000 receivers");
        assertThatThrownBy(() -> ContestOptions.push().with(List.of("--connections", "64")))
                .isInstanceOf(UsageException.class)
                .hasMessage("expected --rounds, --window, --only or --receivers but was --connections");
        assertThatThrownBy(() -> ContestOptions.push().with(List.of("--receivers", "none")))
                .hasMessage("expected a whole number from 1 to 15000 after --receivers but was 'none'");
    }

    @Test
    void requests_areInTheOrderOfTheTables() {
        ContestOptions options =
                ContestOptions.http().with(List.of("--requests", "pipelined,json", "--connections", "8"));

        assertThat(options.loads()).containsExactly(new Load(Exchange.JSON, 8), new Load(Exchange.PIPELINED, 64));
        assertThat(options.loads())
                .extracting(Load::toString)
                .containsExactly("json, 8 connections", "pipelined, 64 connections");
    }

    @Test
    void requests_thatAreUnknown_areRefused() {
        assertThatThrownBy(() -> ContestOptions.http().with(List.of("--requests", "line")))
                .isInstanceOf(UsageException.class)
                .hasMessage("expected plaintext, json or pipelined after --requests but was 'line'");
        assertThatThrownBy(() -> ContestOptions.http().with(List.of("--faster", "1")))
                .hasMessage("expected --rounds, --window, --only, --requests or --connections but was --faster");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --rounds,      0,       expected a whole number from 1 to 1000 after --rounds but was '0'
            --rounds,      many,    expected a whole number from 1 to 1000 after --rounds but was 'many'
            --connections, "8,x",   expected a whole number from 1 to 15000 after --connections but was 'x'
            --window,      -1,      "expected at most 60 seconds after --window but was '-1'"
            --window,      61,      "expected at most 60 seconds after --window but was '61'"
            --window,      0.001,   expected a window of at least 0.01 s but was '0.001'
            --requests,    json,    "expected --rounds, --window, --only or --connections but was --requests"
            --faster,      1,       "expected --rounds, --window, --only or --connections but was --faster"
            """)
    void option_thatIsWrong_isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> ContestOptions.lines().with(List.of(name, value)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void option_withoutValue_isRefused() {
        assertThatThrownBy(() -> ContestOptions.lines().with(List.of("--rounds")))
                .hasMessage("expected a value after --rounds but there was none");
    }

    @Test
    void only_withAnUnknownName_namesTheOthers() {
        assertThatThrownBy(() -> ContestOptions.lines().with(List.of("--only", "apache")))
                .hasMessageContaining("thread-per-connection")
                .hasMessageEndingWith("but was 'apache'");
    }
}
