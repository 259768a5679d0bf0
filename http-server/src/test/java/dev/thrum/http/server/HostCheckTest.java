package dev.thrum.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
    private static final HttpFilter CHECK = HostCheck.of(List.of("api.example", "[2001:db8:0:0:0:0:0:5]"));

    private static Response ask(String host) throws Exception {
        Request request = Request.of("GET", "/", Headers.of("Host", host), new byte[0]);
        return CHECK.apply(request, _ -> Response.text("welcome"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example",
                "API.Example:8080",
                "[2001:db8::5]",
                "[2001:DB8:0::5]:80",
                "api.example.",
                "API.example.:80"
            })
    void request_isServed_whenItsHostIsAccepted_howeverWritten(String host) throws Exception {
        assertThat(ask(host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "api.example..", ".", "xapi.example", "[2001:db8::6]", "127.0.0.1"})
    void request_isRefused_whenItsHostIsNotAccepted(String host) {
        HttpException error = catchThrowableOfType(HttpException.class, () -> ask(host));

        assertThat(error.status()).isEqualTo(421);
    }
}
