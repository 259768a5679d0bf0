package dev.thrum.measure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Whether servers and generator each get a core of their own, so that they don't take CPU time from each other.
 *
 * @param possible whether they are placed; otherwise the system places them
 * @param serverCore the servers' core, 0 or 1; the generator has the other one
 * @param remark a description for the output
 */
public record Pinning(boolean possible, int serverCore, String remark) {
    private static final int USUAL = 0;

    public static Pinning find() {
        if (Runtime.getRuntime().availableProcessors() < 2) {
            return new Pinning(
                    false, USUAL, "expected 2 cores but there is one: server and generator share it, unpinned");
        }
        if (!onPath("taskset")) {
            return new Pinning(
                    false, USUAL, "expected taskset but found none: unpinned (Debian: apt install util-linux)");
        }
        return placed(USUAL);
    }

    /** The same with the cores exchanged. */
    public Pinning exchanged() {
        return possible ? placed(other()) : this;
    }

    private static Pinning placed(int serverCore) {
        return new Pinning(
                true, serverCore, "servers on core " + serverCore + ", generator on core " + (1 - serverCore));
    }

    private int other() {
        return 1 - serverCore;
    }

    public List<String> server() {
        return onCore(serverCore);
    }

    public List<String> generator() {
        return onCore(other());
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
