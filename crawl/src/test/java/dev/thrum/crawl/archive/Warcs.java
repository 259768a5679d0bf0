package dev.thrum.crawl.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.tools.ValidateTool;

/** Reads WARC files with the library of the net's archivists, which has no line in common with ours. */
final class Warcs {
    private Warcs() {}

    /** A record as it was read, and where it begins. */
    @SuppressWarnings("ArrayRecordComponent")
    record Read(long position, String type, Map<String, List<String>> fields, byte[] block) {
        /** The only value of a field; empty if it is missing. */
        String field(String name) {
            List<String> values = fields.getOrDefault(name, List.of());
            assertThat(values).as(name).hasSizeLessThanOrEqualTo(1);
            return values.isEmpty() ? "" : values.getFirst();
        }
    }

    static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("warc"))) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder.resolve("warc"))) {
            return entries.sorted().toList();
        }
    }

    static List<Read> read(Path file) throws IOException {
        List<Read> records = new ArrayList<>();
        try (WarcReader reader = new WarcReader(file)) {
            reader.onWarning(warning -> {
                throw new AssertionError(file + ": " + warning);
            });
            for (Optional<WarcRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
                WarcRecord record = next.get();
                long position = reader.position();
                Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                fields.putAll(record.headers().map());
                byte[] block = record.body().stream().readAllBytes();
                records.add(new Read(position, record.type(), fields, block));
            }
        }
        return records;
    }

    static List<Read> readAll(Path folder) throws IOException {
        List<Read> records = new ArrayList<>();
        for (Path file : files(folder)) {
            records.addAll(read(file));
        }
        return records;
    }

    /** What {@code jwarc validate} does for a file. */
    static boolean isValid(Path file) {
        try {
            MethodHandle validate = MethodHandles.privateLookupIn(ValidateTool.class, MethodHandles.lookup())
                    .findVirtual(ValidateTool.class, "validate", MethodType.methodType(boolean.class, Path.class));
            return (boolean) validate.invokeExact(new ValidateTool(false), file);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
