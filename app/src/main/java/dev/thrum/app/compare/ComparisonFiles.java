package dev.thrum.app.compare;

import dev.thrum.app.cli.Flags;
import dev.thrum.base.Folders;
import dev.thrum.base.IoWords;
import dev.thrum.measure.report.ComparisonReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a comparison: its data, its page, and a folder for the servers, which is removed at the end. Owned by the thread of
 * the command.
 */
final class ComparisonFiles implements AutoCloseable {
    private final Path data;
    private final Optional<Path> html;
    private final Path scratch;

    private ComparisonFiles(Path data, Optional<Path> html, Path scratch) {
        this.data = data;
        this.html = html;
        this.scratch = scratch;
    }

    /**
     * Creates them, so that a wrong name is reported before anything is measured and not after it.
     *
     * @param workload for the name of the data
     * @param started likewise, in ISO 8601
     */
    static ComparisonFiles open(String workload, String started, CompareFlags flags) throws IOException {
        String name = flags.save.value();
        String usual =
                "compare-" + workload + "-" + started.replaceFirst("\\..*", "").replaceAll("[-:]", "") + ".json";
        Path data = name == null ? Path.of(usual) : Flags.file("--save", name);
        String page = flags.html.value();
        Optional<Path> html = page == null ? Optional.empty() : Optional.of(Flags.file("--html", page));
        requireWritable(data);
        html.ifPresent(ComparisonFiles::requireWritable);
        return new ComparisonFiles(data, html, Files.createTempDirectory("thrum-compare"));
    }

    private static void requireWritable(Path file) {
        boolean isNew = !Files.exists(file);
        write(file, () -> {
            if (isNew) {
                Files.write(file, new byte[0]);
            } else if (!Files.isWritable(file)) {
                throw new IOException("it may not be changed");
            }
            return file;
        });
    }

    private interface Writing {
        @Nullable
        Path run() throws IOException;
    }

    private static void write(Path file, Writing writing) {
        try {
            var _ = writing.run();
        } catch (IOException e) {
            throw new IllegalArgumentException("expected to write " + file + " but could not: " + IoWords.of(e), e);
        }
    }

    /** A folder for the servers' data. */
    Path scratch() {
        return scratch;
    }

    /** A file for what the servers print as errors. */
    Path errors() {
        return scratch.resolve("errors");
    }

    Path data() {
        return data;
    }

    /** Replaces the data, in one step: a program that is ended meanwhile leaves what was there before. */
    void save(String json) {
        write(data, () -> {
            Path next = data.resolveSibling(data.getFileName() + ".new");
            try {
                Files.writeString(next, json + "\n", StandardCharsets.UTF_8);
            } catch (IOException e) {
                boolean _ = Files.deleteIfExists(next);
                throw e;
            }
            return Files.move(next, data, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /** Writes what is asked for at the end; each file, whether the other one can be written or not. */
    void write(ComparisonReport report) {
        try {
            save(report.json());
        } finally {
            html.ifPresent(file -> write(file, () -> Files.writeString(file, report.html(), StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(data) && Files.size(data) == 0) {
            // Nothing was measured.
            Files.delete(data);
        }
        Folders.delete(scratch);
    }
}
