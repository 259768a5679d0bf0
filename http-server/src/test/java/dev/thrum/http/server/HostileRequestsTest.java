package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Response;
import dev.thrum.http.server.HostileRow.Expectation;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.Conversation;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are malformed, or nearly so: the response to each, and the state of its connection afterwards. */
@ExtendWith(LeakCheck.class)
class HostileRequestsTest {
    private static final List<String> TABLES =
            List.of("request-line", "target", "host", "fields", "lengths", "codings", "chunks", "smuggling", "limits");
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n";

    private static Fed fed;
    private static Engine engine;
    private static Conversation server;

    /** A server whose connections rest whenever they can. */
    private static Engine restful;

    private static Conversation resting;

    @BeforeAll
    static void open() throws IOException {
        fed = new Fed();
        engine = Engine.virtual();
        // If a row is wrong about the end, this test must not wait for a minute.
        HttpLimits limits = HttpLimits.defaults();
        limits = limits.withPace(limits.pace().withIdle(Duration.ofSeconds(3)));
        HttpServer both = HttpServer.over(
                router(Collections.synchronizedList(new ArrayList<>()), true),
                HttpConfig.defaults().withLimits(limits));
        server = Conversation.with(engine, both);
        restful = World.open("threads, resting");
        resting = Conversation.with(restful, both);
    }

    @AfterAll
    static void close() {
        engine.close();
        restful.close();
        fed.close();
    }

    static Stream<HostileRow> rows() {
        return TABLES.stream().flatMap(table -> HostileRow.of(table).stream());
    }

    /** Responds to every standard method, and records the requests. */
    private static Router router(List<String> seen, boolean readsBody) {
        HttpHandler handler = request -> {
            String body = readsBody ? new String(request.body().readAllBytes(), ISO_8859_1) : "";
            seen.add(request.method() + " " + request.path()
                    + request.query().map(query -> "?" + query).orElse("") + (body.isEmpty() ? "" : " " + body));
            Response response = Response.text("seen\n");
            return request.method().equals("HEAD") ? response.with(ParsedResponse.BODILESS, "yes") : response;
        };
        Router.Builder routes = Router.builder();
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
            routes.route(method, "/{rest...}", handler);
        }
        return routes.build();
    }

    /** The result of some bytes that the client sends before it ends its output. */
    private record Served(FedWire wire, List<String> seen) {
        List<Integer> statuses() {
            return ParsedResponse.statuses(wire.said());
        }
    }

    private static Served serve(String bytes, boolean readsBody) {
        List<String> seen = new ArrayList<>();
        FedWire wire = FedWire.of(bytes);
        fed.serve(wire, HttpServer.over(router(seen, readsBody), HttpConfig.defaults()));
        return new Served(wire, seen);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void responses_areThoseOfTheTable_whenTheClientSendsTheBytesAndEnds(HostileRow row) {
        Served served = serve(row.bytes(), true);

        assertThat(served.statuses()).isEqualTo(row.statuses());
        assertThat(served.seen())
                .hasSize(Math.toIntExact(
                        row.statuses().stream().filter(status -> status == 200).count()));
        if (!row.seen().isEmpty()) {
            assertThat(served.seen()).isEqualTo(row.seen());
        }
        assertThat(served.wire().failure()).isEmpty();
        assertThat(served.wire().wasReset()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void connection_isKeptOrClosed_asTheTableRequires(HostileRow row) {
        Served served = serve(row.bytes(), true);
        boolean announced = !row.statuses().isEmpty()
                && ParsedResponse.all(served.wire().said())
                        .getLast()
                        .field("Connection")
                        .contains("close");

        assertThat(announced)
                .as("the last response has Connection: close")
                .isEqualTo(row.fate() != Expectation.KEPT && !row.statuses().isEmpty());
        switch (row.fate()) {
            case KEPT ->
                // The server has sent everything before it waits for the next request.
                assertThat(served.wire().saidBeforeEnd()).hasValue(served.wire().said());
            case CLOSED -> assertThat(served.wire().saidBeforeEnd()).isEmpty();
            case ENDS ->
                assertThat(served.wire().saidBeforeEnd().map(said -> ParsedResponse.statuses(said)))
                        .hasValue(row.statuses()
                                .subList(0, Math.max(0, row.statuses().size() - 1)));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void nextRequest_isServed_onlyWhenTheConnectionIsKept(HostileRow row) {
        if (row.fate() == Expectation.ENDS) {
            // The bytes after it would be part of it.
            return;
        }
        Served served = serve(row.bytes() + NEXT, true);

        List<Integer> statuses = new ArrayList<>(row.statuses());
        if (row.fate() == Expectation.KEPT) {
            statuses.add(200);
            assertThat(served.seen().getLast()).isEqualTo("GET /next");
        }
        assertThat(served.statuses()).isEqualTo(statuses);
        assertThat(served.seen()).filteredOn("GET /next"::equals).hasSize(row.fate() == Expectation.KEPT ? 1 : 0);
        assertThat(served.seen()).doesNotContain("GET /hidden");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void hiddenRequest_isNotServed_whenTheHandlerReadsNoBody(HostileRow row) {
        if (row.fate() == Expectation.ENDS) {
            return;
        }
        Served served = serve(row.bytes() + NEXT, false);

        assertThat(served.seen()).doesNotContain("GET /hidden");
        assertThat(served.seen())
                .filteredOn("GET /next"::equals)
                .hasSizeLessThanOrEqualTo(row.fate() == Expectation.KEPT ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void responses_areTheSame_whenTheBytesArriveOneByOne(HostileRow row) {
        FedWire whole = FedWire.of(row.bytes());
        FedWire bytewise = FedWire.of(row.bytes()).inFragments(1);
        List<String> seen = new ArrayList<>();
        List<String> seenBytewise = new ArrayList<>();
        fed.serve(whole, HttpServer.over(router(seen, true), HttpConfig.defaults()));
        fed.serve(bytewise, HttpServer.over(router(seenBytewise, true), HttpConfig.defaults()));

        assertThat(bytewise.said()).isEqualTo(whole.said());
        assertThat(seenBytewise).isEqualTo(seen);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void responses_arriveAndTheServerEnds_overSockets(HostileRow row) throws Exception {
        for (Conversation each : List.of(server, resting)) {
            String said = row.fate() == Expectation.CLOSED ? each.tellOnly(row.bytes()) : each.tell(row.bytes());

            assertThat(ParsedResponse.statuses(said)).isEqualTo(row.statuses());
        }
    }

    @Test
    void tables_haveManyDifferentRows() {
        assertThat(rows().map(HostileRow::name)).doesNotHaveDuplicates().hasSizeGreaterThan(450);
    }
}
