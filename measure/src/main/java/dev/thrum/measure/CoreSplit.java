package dev.thrum.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The cores of a server and of its generator, so that they don't take CPU time from each other: the generator has the last core
 * of those that this process may use, the server has the others.
 *
 * @param server the command that places the server's process; empty if the system places it
 * @param generator the same for the generator
 * @param remark a description for the output
 */
public record CoreSplit(List<String> server, List<String> generator, String remark) {
    private static final Path STATUS = Path.of("/proc/self/status");

    public CoreSplit {
        server = List.copyOf(server);
        generator = List.copyOf(generator);
    }

    /** The split of this machine. */
    public static CoreSplit find() throws IOException {
        List<Integer> cores = ProcText.allowedCores(Files.readString(STATUS));
        if (cores.size() < 2) {
            return new CoreSplit(List.of(), List.of(), "one core, which server and generator share");
        }
        if (ProgramPath.find("taskset").isEmpty()) {
            return new CoreSplit(
                    List.of(), List.of(), "the system's choice: there is no taskset (Debian: apt install util-linux)");
        }
        List<Integer> first = cores.subList(0, cores.size() - 1);
        return new CoreSplit(
                on(first),
                on(List.of(cores.getLast())),
                "server on " + words(first) + ", generator on " + cores.getLast());
    }

    private static List<String> on(List<Integer> cores) {
        return List.of("taskset", "--cpu-list", words(cores));
    }

    private static String words(List<Integer> cores) {
        return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
