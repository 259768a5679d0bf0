package dev.thrum.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final Router ROUTER = Router.builder()
            .get("/", request -> routeAnd(request, ""))
            .get("/a/b", request -> routeAnd(request, ""))
            .post("/a/b", request -> routeAnd(request, ""))
            .get("/a/{x}", request -> routeAnd(request, request.pathParameter("x")))
            .get("/{x}/c", request -> routeAnd(request, request.pathParameter("x")))
            .get("/files/{path...}", request -> routeAnd(request, request.pathParameter("path")))
            .get("/files/{name}/info", request -> routeAnd(request, request.pathParameter("name")))
            .get("/both/{a}", request -> routeAnd(request, request.pathParameter("a")))
            .post("/both/{b}", request -> routeAnd(request, request.pathParameter("b")))
            .route("PURGE", "/cache", request -> routeAnd(request, ""))
            .route(
                    "POST",
                    "/ten",
                    10,
                    request -> Response.of(200, "text/plain", request.body().readAllBytes()))
            .route(
                    "POST",
                    "/much",
                    3_000_000,
                    request -> routeAnd(request, "" + request.body().readAllBytes().length))
            .build();

    private static Response routeAnd(Request request, String parameter) {
        return Response.text(request.route() + "|" + parameter);
    }

    private static String routed(String method, String path) throws Exception {
        Response response = ROUTER.handle(Request.of(method, path, Headers.none(), new byte[0]));
        assertThat(response.status()).isEqualTo(200);
        return new String(response.bodyBytes(), StandardCharsets.UTF_8);
    }

    private static HttpException refused(String method, String path) {
        return assertThatExceptionOfType(HttpException.class)
                .isThrownBy(() -> ROUTER.handle(Request.of(method, path, Headers.none(), new byte[0])))
                .actual();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "GET / /|",
                "GET /?x /|",
                "GET /a/b /a/b|",
                "POST /a/b /a/b|",
                "GET /%61/%62 /a/b|",
                "GET /a/z /a/{x}|z",
                "GET /a/c /a/{x}|c",
                "GET /z/c /{x}/c|z",
                "GET /a/x%2fy /a/{x}|x/y",
                "GET /a/%252e%252e /a/{x}|%2e%2e",
                "GET /a/.. /a/{x}|..",
                "GET /a/x+y /a/{x}|x+y",
                "GET /a/%c3%a9 /a/{x}|é",
                "GET /files/x/y/z /files/{path...}|x/y/z",
                "GET /files/x%2fy//z/ /files/{path...}|x/y//z/",
                "GET /files/ /files/{path...}|",
                "GET /files/x/info /files/{name}/info|x",
                "GET /files/x/info/more /files/{path...}|x/info/more",
                "GET /both/1 /both/{a}|1",
                "POST /both/2 /both/{b}|2",
                "HEAD /both/3 /both/{a}|3",
                "PURGE /cache /cache|",
            })
    void routeAndParameter_areFound(String method, String path, String expected) throws Exception {
        assertThat(routed(method, path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b",
                "/a",
                "/a/",
                "/a/b/",
                "//",
                "//a/b",
                "/a//b",
                "/A/b",
                "/files",
                "/z/c/",
                "/a/./b",
                "/x/../a/b",
                "/*"
            })
    void path_isNotFound_whenNoPatternMatches(String path) {
        assertThat(refused("GET", path).status()).isEqualTo(404);
    }

    @Test
    void allowedMethods_areListed_whenThePathHasOnlyOthers() throws Exception {
        assertThat(refused("DELETE", "/a/b").status()).isEqualTo(405);
        assertThat(refused("DELETE", "/a/b").headers().first("Allow")).hasValue("GET, HEAD, OPTIONS, POST");
        assertThat(refused("GET", "/ten").headers().first("Allow")).hasValue("OPTIONS, POST");
        assertThat(refused("HEAD", "/ten").status()).isEqualTo(405);
        Response options = ROUTER.handle(Request.of("OPTIONS", "/a/b", Headers.none(), new byte[0]));
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.headers().first("Allow")).hasValue("GET, HEAD, OPTIONS, POST");
    }

    @Test
    void literalSegment_isPreferredToAParameter_evenWithoutTheMethod() {
        Router router = Router.builder()
                .get("/x", request -> Response.empty(200))
                .post("/{y}", request -> Response.empty(200))
                .build();
        assertThatExceptionOfType(HttpException.class)
                .isThrownBy(() -> router.handle(Request.of("POST", "/x", Headers.none(), new byte[0])))
                .matches(e -> e.status() == 405);
    }

    @Test
    void optionsWithAnAsterisk_isForTheWholeServer() throws Exception {
        assertThat(ROUTER.handle(Request.of("OPTIONS", "*", Headers.none(), new byte[0]))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void method_isNotImplemented_whenItIsUnknown() {
        assertThat(refused("BREW", "/a/b").status()).isEqualTo(501);
        assertThat(refused("BREW", "/nowhere").status()).isEqualTo(501);
        assertThat(refused("get", "/a/b").status()).isEqualTo(501);
        assertThat(refused("CONNECT", "a:80").status()).isEqualTo(501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/%00", "/a/%ff", "/a/%c0%ae", "/%00"})
    void path_isMalformed_whenItDecodesToInvalidCharacters(String path) {
        assertThat(refused("GET", path).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/b",
                "/{",
                "/{}",
                "/{a",
                "/a}",
                "/x{a}",
                "/{a}x",
                "/{a...}/b",
                "/{a}/{a}",
                "/{a b}",
                "/{...}",
                "/{a..}"
            })
    void pattern_isRefused_whenItIsInvalid(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Router.builder().get(pattern, request -> Response.empty(200)));
    }

    @Test
    void route_isRefused_whenItIsAmbiguousOrTheRouterIsBuilt() {
        Router.Builder builder = Router.builder().get("/{a}", request -> Response.empty(200));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.get("/{b}", request -> Response.empty(200)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.route("A B", "/x", request -> Response.empty(200)));
        assertThat(builder.build()).isNotNull();
        assertThatIllegalStateException().isThrownBy(() -> builder.get("/x", request -> Response.empty(200)));
    }

    private static String said(String request) {
        try (Fed fed = new Fed()) {
            FedWire wire = FedWire.of(request);
            fed.serve(wire, HttpServer.over(ROUTER, HttpConfig.defaults()));
            return wire.said();
        }
    }

    @Test
    void body_isRefusedBeforeContinue_whenItExceedsTheLimitOfItsRoute() {
        String head = "POST /ten HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";
        assertThat(ParsedResponse.statuses(said(head + "Content-Length: 11\r\n\r\n")))
                .containsExactly(413);
        assertThat(ParsedResponse.statuses(said(head + "Content-Length: 10\r\n\r\n0123456789")))
                .containsExactly(100, 200);
        assertThat(ParsedResponse.statuses(
                        said(head + "Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n")))
                .containsExactly(100, 413);
    }

    @Test
    void body_mayExceedTheDefault_whenItsRouteHasALargerLimit() {
        String body = "x".repeat(3_000_000);
        assertThat(said("POST /much HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + body))
                .endsWith("/much|3000000");
        assertThat(ParsedResponse.statuses(
                        said("POST /much HTTP/1.1\r\nHost: a\r\nContent-Length: 3000001\r\n\r\n" + body)))
                .containsExactly(413);
    }

    @Test
    void body_isNotRequestedWithContinue_whenThereIsNoRoute() {
        assertThat(ParsedResponse.statuses(
                        said("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")))
                .containsExactly(404);
    }
}
