package dev.thrum.bench.load;

import dev.thrum.measure.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;

/**
 * The files that are served: a small one, a large one, and many in a hundred folders.
 *
 * <p>Each begins with its own number and is filled with text. All have the same modification time in the past, so that
 * no server treats them as files that are being written, and all responses have the same length.
 *
 * @param root the folder
 */
public record FileTree(Path root) {
    public static final int MANY = 10_000;

    /** The number of digits that a file begins with. */
    static final int DIGITS = Long.BYTES;

    private static final int FOLDERS = 100;
    private static final int SMALL_BYTES = 1_024;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int MANY_BYTES = 4 * 1_024;
    private static final int LINE = 64;
    private static final FileTime CHANGED = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    /** Writes them into a new folder; on return all of them are on the disk. */
    public static FileTree make(Path root) throws IOException {
        write(root, Exchange.SMALL, 0);
        write(root, Exchange.LARGE, 0);
        for (int number = 0; number < MANY; number++) {
            write(root, Exchange.MANY, number);
        }
        return new FileTree(root);
    }

    private static void write(Path root, Exchange exchange, int number) throws IOException {
        Path file = root.resolve(path(exchange, number).substring(1));
        Files.createDirectories(file.getParent());
        ByteBuffer bytes = ByteBuffer.wrap(content(exchange, number).getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
            channel.force(false);
        }
        Files.setLastModifiedTime(file, CHANGED);
    }

    /** The path of a file in requests; all files of one exchange have paths of the same length. */
    public static String path(Exchange exchange, int number) {
        return switch (exchange) {
            case SMALL -> "/small.txt";
            case LARGE -> "/large.txt";
            default -> String.format(Locale.ROOT, "/many/%02d/%04d.txt", number % FOLDERS, number);
        };
    }

    /** The content of a file. */
    static String content(Exchange exchange, int number) {
        int length = switch (exchange) {
            case SMALL -> SMALL_BYTES;
            case LARGE -> LARGE_BYTES;
            default -> MANY_BYTES;
        };
        String line =
                "a line of a file that is served again and again".repeat(2).substring(0, LINE - 1) + "\n";
        return (digits(number) + line.repeat(length / LINE)).substring(0, length);
    }

    /** A number in the format at the beginning of the files. */
    static String digits(int number) {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
    }

    /** Drops the contents of the many files from the system's cache, so that they must be read from the disk. */
    public void forget() throws IOException {
        for (int number = 0; number < MANY; number++) {
            Path file = root.resolve(path(Exchange.MANY, number).substring(1));
            try (Arena arena = Arena.ofConfined()) {
                int descriptor = Libc.open(arena.allocateFrom(file.toString()).address());
                int refused = descriptor < 0 ? -1 : Libc.forgetPages(descriptor);
                if (descriptor >= 0) {
                    var _ = Libc.close(descriptor);
                }
                if (refused != 0) {
                    throw new IOException("expected the system to drop " + file + " from its cache but it refused");
                }
            }
        }
    }
}
