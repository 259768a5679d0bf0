package dev.thrum.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Whether servers and generator each get a core of their own, so that they don't take CPU time from each other.
 *
 * @param possible whether servers run on core 0 and the generator on core 1; otherwise the system places them
 * @param remark a description for the output
 */
record Pinning(boolean possible, String remark) {
    private static final int SERVER_CORE = 0;
    private static final int CLIENT_CORE = 1;

    static Pinning find() {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return new Pinning(false, "expected 2 cores but there is one: server and generator share it, unpinned");
        }
        if (!onPath("taskset")) {
            return new Pinning(false, "expected taskset but found none: unpinned (Debian: apt install util-linux)");
        }
        return new Pinning(true, "servers on core " + SERVER_CORE + ", generator on core " + CLIENT_CORE);
    }

    List<String> server() {
        return onCore(SERVER_CORE);
    }

    List<String> generator() {
        return onCore(CLIENT_CORE);
    }

    private List<String> onCore(int core) {
        return possible ? List.of("taskset", "--cpu-list", Integer.toString(core)) : List.of();
    }

    private static boolean onPath(String command) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
