package dev.thrum.measure.compare.run;

import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Lines of JSON with which servers and the generator answer. */
final class ChildAnswer {
    private ChildAnswer() {}

    /** Reads one; what else a process prints to its standard output, such as a warning of its JVM, is an {@link IOException}. */
    static <T> T read(String line, Class<T> type) throws IOException {
        try {
            return JsonMapper.shared().readValue(line, type);
        } catch (JacksonException e) {
            throw new IOException("expected the answer of a process but its standard output had " + line, e);
        }
    }
}
