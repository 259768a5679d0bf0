package dev.thrum.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exit status of a command whose output could not be written. */
final class StandardOutputTest {
    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, 0, 1, true",
        "No space left on device, 1, 1, true",
        "Input/output error, 2, 2, true",
        "Broken pipe, 0, 141, false",
        "Broken pipe, 2, 2, false",
    })
    void failedOutput_isAFailure(String message, int commandStatus, int status, boolean reported) {
        StandardOutput output = new StandardOutput(failing(message));
        PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
        out.println("one");
        out.println("two");
        StringWriter err = new StringWriter();
        assertThat(output.status(commandStatus, new PrintWriter(err))).isEqualTo(status);
        if (reported) {
            assertThat(err.toString()).contains(message).hasLineCount(1);
        } else {
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void writtenOutput_doesNotChangeTheStatus() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(bytes);
        PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
        out.println("M\u00fcller");
        StringWriter err = new StringWriter();
        assertThat(output.status(3, new PrintWriter(err))).isEqualTo(3);
        assertThat(err.toString()).isEmpty();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("M\u00fcller");
    }
}
