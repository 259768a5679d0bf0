package dev.thrum.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The threads and sockets of this process at one moment.
 *
 * @param threads the threads that tests may have started
 * @param sockets the sockets by their names in {@code /proc}; empty on systems without it
 */
record Resources(Set<Thread> threads, Set<String> sockets) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long RECHECK_NANOS = 10_000_000;

    /** The thread of {@code Clock.system()}, which serves the whole process and never ends. */
    private static final String SHARED_TIMER = "thrum-timer-system";

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Resources now() {
        // The JDK opens a socket for itself when the first one is used; it must not count as left behind.
        try {
            SocketChannel.open().close();
            DatagramChannel.open().close();
        } catch (IOException e) {
            throw new UncheckedIOException("expected to open a socket but could not", e);
        }
        return current();
    }

    private static Resources current() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> isJUnits(thread) || (thread.isDaemon() && !isOurs(thread)));
        return new Resources(Set.copyOf(threads), openSockets());
    }

    private static boolean isJUnits(Thread thread) {
        return thread.getName().startsWith("junit-");
    }

    private static boolean isOurs(Thread thread) {
        String name = thread.getName();
        return (name.startsWith("thrum-") && !name.equals(SHARED_TIMER)) || name.startsWith("worker-");
    }

    private static Set<String> openSockets() {
        Set<String> sockets = new HashSet<>();
        if (Files.isDirectory(DESCRIPTORS)) {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
                for (Path descriptor : descriptors) {
                    target(descriptor)
                            .filter(name -> name.startsWith("socket:"))
                            .forEach(sockets::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("expected to list " + DESCRIPTORS + " but could not", e);
            }
        }
        return Set.copyOf(sockets);
    }

    private static Stream<String> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            // Closed since it was listed.
            return Stream.empty();
        }
    }

    /** Waits a few seconds until all threads and sockets that are not among these are gone. */
    void awaitNothingNew(String when) {
        awaitNothingNew(when, PATIENCE);
    }

    void awaitNothingNew(String when, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        for (List<String> left = newSince(); !left.isEmpty(); left = newSince()) {
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("expected no thread and no socket to be left " + when + " but there were "
                        + left.size() + ":\n" + String.join("\n", left));
            }
            LockSupport.parkNanos(RECHECK_NANOS);
        }
    }

    /** A description of each thread and each socket that exists now and is not among these. */
    private List<String> newSince() {
        Resources now = current();
        List<String> left = new ArrayList<>();
        for (Thread thread : now.threads()) {
            if (!threads.contains(thread) && thread.isAlive()) {
                left.add(described(thread));
            }
        }
        for (String socket : now.sockets()) {
            if (!sockets.contains(socket)) {
                left.add(described(socket));
            }
        }
        return left;
    }

    private static String described(Thread thread) {
        StringBuilder text = new StringBuilder("thread " + thread.getName() + ", " + thread.getState());
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }

    /** A socket with the kernel's line about it: local address, peer and state in hexadecimal. */
    private static String described(String socket) {
        String inode = " " + socket.replaceAll("\\D", "") + " ";
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/net", table))) {
                List<String> found = lines.filter(line -> line.contains(inode)).toList();
                if (!found.isEmpty()) {
                    return socket + ", " + table + " " + found.getFirst().strip();
                }
            } catch (IOException | UncheckedIOException e) {
                // This table can't be read; the socket may be in another.
            }
        }
        return socket;
    }
}
