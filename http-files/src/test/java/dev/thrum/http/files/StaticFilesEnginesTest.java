package dev.thrum.http.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that change while they are sent never corrupt the following responses, on every engine. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class StaticFilesEnginesTest {
    /** More than all buffers on the way can hold, so the file is still being sent when the head has arrived. */
    private static final int SIZE = 64 << 20;

    @TempDir
    private Path root;

    enum Kind {
        THREADS,
        VIRTUAL,
        EPOLL(TransportKind.EPOLL),
        IO_URING(TransportKind.IO_URING),
        NIO(TransportKind.NIO);

        private final Optional<TransportKind> transport;

        Kind() {
            transport = Optional.empty();
        }

        Kind(TransportKind transport) {
            this.transport = Optional.of(transport);
        }

        Engine open() {
            transport.flatMap(TransportKind::problem).ifPresent(problem -> Assumptions.abort("not here: " + problem));
            return switch (this) {
                case THREADS -> Engine.threads(4, 16);
                case VIRTUAL -> Engine.virtual();
                case EPOLL, IO_URING, NIO ->
                    EventEngine.open(EventOptions.defaults().withTransport(transport.orElseThrow()));
            };
        }
    }

    /** Two pipelined requests: the bytes after the first response show whether its framing is correct. */
    private static final String TWICE = """
            GET /file HTTP/1.1
            Host: a

            GET /small HTTP/1.1
            Host: a
            Connection: close

            """.replace("\n", "\r\n");

    private interface Play {
        void act(InputStream in, Path file) throws Exception;
    }

    private void play(Kind kind, Play test) throws Exception {
        Path file = root.resolve("file");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
        Files.writeString(root.resolve("small"), "small");
        try (Engine engine = kind.open()) {
            FilesConfig config = FilesConfig.defaults().withLook(Duration.ZERO);
            StaticFiles files = StaticFiles.of(root, "/", config, engine.clock());
            Conversation server = Conversation.with(engine, HttpServer.over(files, HttpConfig.defaults()));
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(64 << 10);
                socket.setSoTimeout(60_000);
                socket.connect(server.server().address());
                socket.getOutputStream().write(TWICE.getBytes(ISO_8859_1));
                assertThat(head(socket.getInputStream()))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("Content-Length: " + SIZE + "\r\n");
                test.act(socket.getInputStream(), file);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            assertThat(c).as("the end after: %s", head).isNotNegative();
            head.append((char) c);
        }
        return head.toString();
    }

    private static void assertZeros(byte[] bytes) {
        assertThat(Arrays.equals(bytes, new byte[bytes.length])).isTrue();
    }

    private static void assertWholeFileAndNextResponse(InputStream in) throws IOException {
        byte[] body = in.readNBytes(SIZE);
        assertThat(body).hasSize(SIZE);
        assertZeros(body);
        assertThat(head(in)).contains("Content-Length: 5\r\n");
        assertThat(new String(in.readAllBytes(), ISO_8859_1)).isEqualTo("small");
    }

    @ParameterizedTest
    @EnumSource
    void file_arrives_whenNothingChanges(Kind kind) throws Exception {
        play(kind, (in, _) -> assertWholeFileAndNextResponse(in));
    }

    @ParameterizedTest
    @EnumSource
    void connection_ends_whenTheFileShrinksMeanwhile(Kind kind) throws Exception {
        play(kind, (in, file) -> {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.setLength(1_000);
            }
            int count = 0;
            byte[] chunk = new byte[64 << 10];
            try {
                for (int read; (read = in.read(chunk)) >= 0; count += read) {
                    assertZeros(Arrays.copyOf(chunk, read));
                }
            } catch (SocketException reset) {
                // A reset is a valid end.
            }
            assertThat(count).isLessThan(SIZE);
        });
    }

    @ParameterizedTest
    @EnumSource
    void file_arrives_whenItIsDeletedMeanwhile(Kind kind) throws Exception {
        play(kind, (in, file) -> {
            Files.delete(file);
            assertWholeFileAndNextResponse(in);
        });
    }

    @ParameterizedTest
    @EnumSource
    void announcedLength_arrives_whenTheFileGrowsMeanwhile(Kind kind) throws Exception {
        play(kind, (in, file) -> {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.seek(SIZE);
                open.write("more".getBytes(ISO_8859_1));
            }
            assertWholeFileAndNextResponse(in);
        });
    }

    @ParameterizedTest
    @EnumSource
    void file_arrives_whenItIsReplacedMeanwhile(Kind kind) throws Exception {
        play(kind, (in, file) -> {
            Path other = Files.writeString(root.resolve("other"), "other");
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            assertWholeFileAndNextResponse(in);
        });
    }
}
