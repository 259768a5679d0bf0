package dev.thrum.app.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.measure.compare.run.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the servers of the workloads answer. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class HandlersTest {
    @TempDir
    private Path folder;

    private String firstLine(Workload workload, String... requests) throws IOException {
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Handlers.of(workload, folder, engine.clock()),
                        ServedArm.limits());
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            BufferedReader input =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = "";
            for (String request : requests) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                first = String.valueOf(input.readLine());
            }
            return first;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ECHO")
    void workload_answersWhatItIsAsked(Workload workload) throws IOException {
        Requests requests = workload.requests();

        assertThat(firstLine(workload, "GET " + requests.target() + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK");
    }

    @Test
    void echo_sendsEachLineBack() throws IOException {
        assertThat(firstLine(Workload.ECHO, "one\n", "two\n")).isEqualTo("two");
    }

    /** The servers of a comparison share the folder, one after the other. */
    @Test
    void database_isUsedAgain() throws IOException {
        String request = "GET /users/1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

        assertThat(firstLine(Workload.DB, request)).isEqualTo("HTTP/1.1 200 OK");
        assertThat(firstLine(Workload.DB, request)).isEqualTo("HTTP/1.1 200 OK");
    }
}
