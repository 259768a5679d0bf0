package dev.thrum.crawl.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The boot of this machine: what was written in an earlier one may have been lost with its power. */
final class Boot {
    /** Different for each boot; empty if the system does not tell, and then no boot is noticed. */
    static final String ID = id();

    private Boot() {}

    private static String id() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
