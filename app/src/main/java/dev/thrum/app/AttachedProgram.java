package dev.thrum.app;

import dev.thrum.app.cli.StopSignals;
import dev.thrum.base.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * The main class of a {@code thrum} that another program has started: it is the same program, and ends as after SIGTERM when its input ends. So it
 * does not outlive the other one, however that ends.
 */
final class AttachedProgram {
    private static final System.Logger LOG = System.getLogger("dev.thrum.cluster");

    private AttachedProgram() {}

    public static void main(String[] arguments) {
        Threads.daemon("thrum-attached", AttachedProgram::awaitEnd).start();
        Main.main(arguments);
    }

    private static void awaitEnd() {
        try {
            int read = System.in.read();
            while (read >= 0) {
                read = System.in.read();
            }
            StopSignals.raiseTerm();
        } catch (IOException | ReflectiveOperationException e) {
            LOG.log(Level.WARNING, "this program may outlive the one that has started it", e);
        }
    }
}
