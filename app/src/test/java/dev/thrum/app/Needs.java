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
 * Requirements of a test beyond a JDK and Maven. If one is missing, the test is reported as not run, with the remedy;
 * with {@code CI=true} it fails.
 */
public final class Needs {
    private Needs() {}

    public static void ipv6() {
        need(hasIpv6(), "needs IPv6 on the loopback interface: enable it (sysctl net.ipv6.conf.lo.disable_ipv6=0)");
    }

    public static void openFiles(long count) {
        boolean met = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() >= count;
        need(met, "needs " + count + " open files in a process: raise the limit (ulimit -Hn)");
    }

    public static void command(String name) {
        String path = String.valueOf(System.getenv("PATH"));
        boolean met = Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        need(met, "needs the command " + name + ": install it (Debian: apt install " + name + ")");
    }

    /** A signal that the parent ignores is ignored by its children, too, and the JVM does not change that. */
    public static void signal(String name) throws IOException {
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

    public static void need(boolean met, String message) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(met).as(message).isTrue();
        } else {
            assumeTrue(met, "not run: " + message);
        }
    }
}
