package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.unix.Errors;
import java.net.ProtocolException;
import java.net.SocketException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NativeErrorsTest {
    /** Netty gets the names of errors from native code. */
    @BeforeEach
    void needEpoll() {
        Available.here(EventOptions.defaults().withTransport(TransportKind.EPOLL));
    }

    private static Errors.NativeIoException accept(int error) {
        return Errors.newIOException("accept", -error);
    }

    /** EPERM, EPROTO, ECONNABORTED, EHOSTUNREACH. */
    @ParameterizedTest
    @ValueSource(ints = {1, 71, 103, 113})
    void failureToAccept_isOfOneClient_whenTheErrorIsOfThatClient(int error) {
        assertThat(NativeErrors.accepting(accept(error))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void failureToAccept_isOfTheListener_whenDescriptorsRunOut() {
        assertThat(NativeErrors.accepting(accept(24)))
                .isNotInstanceOf(SocketException.class)
                .hasMessage("Too many open files");
        SocketException jdk = new SocketException("Too many open files");
        assertThat(NativeErrors.accepting(jdk)).isSameAs(jdk);
        Error memory = new OutOfMemoryError("heap");
        assertThat(NativeErrors.accepting(memory)).isSameAs(memory);
    }
}
