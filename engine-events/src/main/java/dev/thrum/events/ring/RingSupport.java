package dev.thrum.events.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether this system lets a loop use io_uring. It is tried, not deduced: the kernel's version and settings, the filters of
 * containers and the flags of the JVM can all forbid it, and only the attempt tells.
 *
 * <p>Any thread may call. What was found is kept; a refusal is not, because its reason may go away.
 */
public final class RingSupport {
    /** As {@code os.arch} has them. The structures that the kernel shares are those of little-endian 64-bit systems. */
    private static final Set<String> PROCESSORS = Set.of("amd64", "aarch64");

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

    private static final String FILTERED = "a seccomp filter, such as a container's, forbids it most likely:"
            + " allow io_uring_setup, io_uring_enter and io_uring_register";

    // Further error numbers (errno(3)) that have a remedy of their own.
    private static final int EACCES = 13;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    private static final int BUFFERS = 4;
    private static final int LIMIT = 32 * 1024;
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** Whether a receive can have a limit; null until an attempt has succeeded. Two attempts find the same. */
    private static volatile @Nullable Boolean limits;

    private RingSupport() {}

    /** The reason why loops can't use io_uring here: which step was refused with which error, and the remedy. */
    public static Optional<String> problem() {
        if (limits != null) {
            return Optional.empty();
        }
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        if (!system.equals("Linux") || !PROCESSORS.contains(processor)) {
            return Optional.of("expected Linux on x86-64 or AArch64 but this is " + system + " on " + processor);
        }
        Optional<String> missing = Kernel.problem();
        if (missing.isPresent()) {
            return missing.map(RingSupport::withoutCalls);
        }
        try {
            limits = tryOut();
            return Optional.empty();
        } catch (KernelException e) {
            return Optional.of(explain(
                    e.call(), e.error(), setting("kernel/io_uring_disabled"), System.getProperty("os.version")));
        } catch (OutOfMemoryError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether a receive that goes on can be told to end after so many bytes (Linux 6.17 and newer). */
    public static boolean limitsReceives() {
        return problem().isEmpty() && Boolean.TRUE.equals(limits);
    }

    private static String withoutCalls(String cause) {
        Module caller = RingSupport.class.getModule();
        return caller.isNativeAccessEnabled()
                ? cause
                : "the JVM forbids native calls: run it with --enable-native-access="
                        + (caller.isNamed() ? caller.getName() : "ALL-UNNAMED");
    }

    private static String setting(String name) {
        try {
            return Files.readString(Path.of("/proc/sys", name)).strip();
        } catch (IOException e) {
            // Linux before 6.6 does not have it.
            return "";
        }
    }

    /** Receives some bytes; returns whether that could be done with a limit. */
    private static boolean tryOut() throws KernelException {
        Ring ring = Ring.open(BUFFERS);
        try {
            int[] pair = Kernel.socketPair();
            if (pair.length == 1) {
                throw new KernelException("socketpair", -pair[0]);
            }
            try {
                return receivesWithLimit(ring, pair);
            } finally {
                Kernel.close(pair[0]);
                Kernel.close(pair[1]);
            }
        } finally {
            ring.close();
        }
    }

    private static boolean receivesWithLimit(Ring ring, int[] pair) throws KernelException {
        int count = receive(ring, pair, LIMIT);
        // An older kernel takes the limit for another field, which must be zero.
        boolean limited = count != -Kernel.EINVAL;
        if (!limited) {
            count = receive(ring, pair, 0);
        }
        if (count < 0) {
            throw new KernelException("a receive of io_uring", -count);
        }
        return limited;
    }

    /** Sends a few bytes and receives them; returns how many came, or the negative number of an error. */
    static int receive(Ring ring, int[] pair, int limit) throws KernelException {
        Kernel.signal(pair[1]);
        ring.receive(pair[0], limit, 1);
        ring.enter(true, PATIENCE_NANOS);
        int[] result = {-Kernel.ETIME};
        ring.complete((data, count, flags) -> result[0] = count);
        return result[0];
    }

    /**
     * Why a step was refused, and the remedy.
     *
     * @param disabled the value of {@code kernel.io_uring_disabled}; empty if there is none
     * @param version the version of the kernel
     */
    static String explain(String step, int error, String disabled, String version) {
        return switch (error) {
            case Kernel.EPERM -> step + " was refused (EPERM): " + forbidden(disabled);
            case EACCES -> step + " was refused (EACCES): " + FILTERED;
            case Kernel.EINVAL -> step + " was refused (EINVAL): " + outdated(version);
            case Kernel.ENOSYS -> step + " was refused (ENOSYS): " + outdated(version);
            case Kernel.ENOMEM -> step + " got no memory (ENOMEM): raise the limit of locked memory (ulimit -l)";
            case ENFILE -> step + " got no descriptor (ENFILE): raise fs.file-max";
            case EMFILE -> step + " got no descriptor (EMFILE): raise the limit of open files (ulimit -n)";
            default -> step + " failed: " + Kernel.text(error);
        };
    }

    private static String forbidden(String disabled) {
        return switch (disabled) {
            case "1" ->
                "kernel.io_uring_disabled is 1, which leaves it to the group kernel.io_uring_group: join that, or set it to 0";
            case "2" -> "kernel.io_uring_disabled is 2: set it to 0";
            default -> FILTERED;
        };
    }

    private static String outdated(String version) {
        Matcher numbers = VERSION.matcher(version);
        boolean recent = numbers.matches()
                && Integer.parseInt(numbers.group(1)) * 1_000 + Integer.parseInt(numbers.group(2)) >= 6_001;
        return recent ? FILTERED : "expected Linux 6.1 or newer but this is " + version;
    }
}
