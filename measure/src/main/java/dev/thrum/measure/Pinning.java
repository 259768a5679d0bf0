package dev.thrum.measure;

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
        if (ProgramPath.find("taskset").isEmpty()) {
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
}
