package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a test needs of the machine beyond a JDK and Maven. Where it is missing the test is reported as not run, with
 * the remedy; under continuous integration ({@code CI=true}) it fails.
 */
public final class Needs {
    private Needs() {}

    static void ipv6() {
        need(hasIpv6(), "needs IPv6 on the loopback interface: enable it (sysctl net.ipv6.conf.lo.disable_ipv6=0)");
    }

    static void openFiles(long wanted) {
        boolean there = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() >= wanted;
        need(there, "needs " + wanted + " open files in a process: raise the limit (ulimit -Hn)");
    }

    static void command(String name) {
        String path = String.valueOf(System.getenv("PATH"));
        boolean there = Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        need(there, "needs the command " + name + ": install it (Debian: apt install " + name + ")");
    }

    /** A signal that the parent of this process ignores is ignored by its children too; the JVM then leaves it so. */
    static void signal(String name) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return;
        }
        int number = switch (name) {
            case "HUP" -> 1;
            case "INT" -> 2;
            case "TERM" -> 15;
            default -> throw new IllegalArgumentException("expected HUP, INT or TERM but was " + name);
        };
        long ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .findFirst()
                .orElse(0);
        need(
                (ignored & (1L << (number - 1))) == 0,
                "needs SIG" + name
                        + ", which is ignored here: run the tests without nohup, and not as a background job of a script");
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    public static void need(boolean there, String message) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as(message).isTrue();
        } else {
            assumeTrue(there, "not run: " + message);
        }
    }
}
