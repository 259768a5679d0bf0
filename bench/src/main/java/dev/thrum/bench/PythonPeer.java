package dev.thrum.bench;

import dev.thrum.bench.peers.NginxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A peer in Python.
 *
 * @param python the Python that has the library it needs
 * @param script the program
 */
record PythonPeer(String python, Path script) {
    private static final Duration START = Duration.ofSeconds(60);

    /**
     * Finds the Python that has a library, which is the system's if the first on the path has not, and copies the script.
     *
     * @param module what is imported
     * @param library its name
     * @param debian the package that has it
     * @param script among the resources of the peers
     * @throws IOException with the remedy, if there is none
     */
    static PythonPeer of(String module, String library, String debian, String script, ScratchFolder folder)
            throws IOException, InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (has(python, module, folder)) {
                return new PythonPeer(python, copied(script, folder));
            }
        }
        throw new IOException(
                "expected " + library + " for python3 but found none (Debian: apt install " + debian + ")");
    }

    private static boolean has(String python, String module, ScratchFolder folder) throws InterruptedException {
        try {
            List<String> command = List.of(python, "-c", "import " + module);
            return ProgramRun.of(command, Map.of(), folder.path(), START).status() == 0;
        } catch (IOException e) {
            // There is no such Python.
            return false;
        }
    }

    private static Path copied(String name, ScratchFolder folder) throws IOException {
        try (InputStream script = Objects.requireNonNull(NginxProcess.class.getResourceAsStream(name), name)) {
            Path file = folder.resolve(name);
            Files.copy(script, file);
            return file;
        }
    }
}
