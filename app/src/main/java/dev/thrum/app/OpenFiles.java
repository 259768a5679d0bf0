package dev.thrum.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;

/** The limit of file descriptors; every connection takes one. */
final class OpenFiles {
    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");

    private OpenFiles() {}

    /** Logs a warning if the limit is lower than the maximum number of connections. */
    static void warnIfFewerThan(int connections) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < connections) {
            LOG.log(
                    Level.WARNING,
                    "expected to be allowed " + connections + " open files, one per connection, but the limit is "
                            + system.getMaxFileDescriptorCount()
                            + ": raise it (ulimit -n) or lower --max-connections");
        }
    }
}
