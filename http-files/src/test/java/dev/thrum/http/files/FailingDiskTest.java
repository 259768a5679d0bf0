package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.http.HttpException;
import dev.thrum.http.files.FileRoot.Place;
import dev.thrum.testkit.LogCapture;
import dev.thrum.testkit.scripted.HandClock;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that opens files and folders, and then can't read them. */
class FailingDiskTest {
    private static final Listing.Order BY_NAME = new Listing.Order(Listing.Key.NAME, false);

    @TempDir
    private Path root;

    private final HandClock clock = new HandClock(Instant.parse("2026-11-20T08:00:00Z"));

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(root.resolve("one.txt"), "one");
    }

    private FileLoader loader(Supplier<IOException> failure) throws IOException {
        return new FileLoader(new FileRoot(root), FilesConfig.defaults(), clock, new FileLoader.Disk() {
            @Override
            public byte[] read(FileChannel file, int length) throws IOException {
                throw failure.get();
            }

            @Override
            public Listing list(Place folder, Listing.Order order) throws IOException {
                throw failure.get();
            }
        });
    }

    private static void assertBusy(HttpException answer) {
        assertThat(answer.status()).isEqualTo(503);
    }

    @Test
    void file_whenItCannotBeRead_isBusy_andReportedOnce() throws Exception {
        FileLoader loader = loader(() -> new IOException("Input/output error"));
        try (LogCapture log = new LogCapture("dev.thrum.http")) {
            for (int i = 0; i < 2; i++) {
                assertBusy(catchThrowableOfType(HttpException.class, () -> loader.find(List.of("one.txt"), false)));
            }
            assertThat(log.messages())
                    .containsExactly("a file can't be read: " + root.resolve("one.txt") + ": Input/output error");
        }
    }

    @Test
    void folder_whenItCannotBeRead_isBusy_andReportedOnce() throws Exception {
        FileLoader loader = loader(() -> new IOException("Input/output error"));
        Place place = new Place(root, root);
        try (LogCapture log = new LogCapture("dev.thrum.http")) {
            for (int i = 0; i < 2; i++) {
                assertBusy(catchThrowableOfType(HttpException.class, () -> loader.list(place, BY_NAME)));
            }
            assertThat(log.messages()).containsExactly("a folder can't be read: " + root + ": Input/output error");
        }
    }

    /** The list of a folder fails in an iterator, whose exceptions are unchecked. */
    @Test
    void folder_whenItsIteratorFails_failsWithTheError() {
        IOException error = new IOException("Input/output error");
        DirectoryStream<Path> broken = new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                throw new DirectoryIteratorException(error);
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> Listing.read(new Place(root, root), broken, false, BY_NAME))
                .isSameAs(error);
    }

    @Test
    void interruptedRead_isNoFaultOfTheDisk() throws Exception {
        FileLoader loader = loader(ClosedByInterruptException::new);
        try (LogCapture log = new LogCapture("dev.thrum.http")) {
            assertThatThrownBy(() -> loader.find(List.of("one.txt"), false))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThatThrownBy(() -> loader.list(new Place(root, root), BY_NAME))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThat(log.messages()).isEmpty();
        }
    }
}
