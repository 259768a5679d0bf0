package dev.thrum.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.files.OpenFolders.Held;
import java.io.IOException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenFoldersTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path root;

    private OpenFolders folders;

    @BeforeEach
    void open() throws IOException {
        folders = new OpenFolders(new FileRoot(root), SECOND);
    }

    private Held at(String name, long now) throws IOException {
        return Objects.requireNonNull(folders.at(Files.createDirectories(root.resolve(name)), now));
    }

    private static void use(Held held) throws IOException {
        held.stream()
                .getFileAttributeView(Path.of("none"), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    private static void requireOpen(Held held) {
        assertThatThrownBy(() -> use(held)).isInstanceOf(NoSuchFileException.class);
    }

    private static void requireClosed(Held held) {
        assertThatThrownBy(() -> use(held)).isInstanceOf(ClosedDirectoryStreamException.class);
    }

    @Test
    void folder_isOpenedOncePerSecond() throws IOException {
        Held first = at("deep/er", 0);
        assertThat(at("deep/er", SECOND - 1)).isSameAs(first);
        Held second = at("deep/er", SECOND);
        assertThat(second).isNotSameAs(first);
        requireClosed(first);
        requireOpen(second);
        folders.tidy(SECOND + SECOND);
        requireOpen(second);
        folders.tidy(SECOND + SECOND + 1);
        requireClosed(second);
    }

    @Test
    void oldestFolder_isClosed_whenThereAreTooMany() throws IOException {
        List<Held> all = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            all.add(at("folder" + i, 0));
        }
        requireClosed(all.get(0));
        requireClosed(all.get(1));
        requireOpen(all.get(2));
        requireOpen(all.get(129));
        folders.closeAll(0);
        requireClosed(all.get(129));
    }

    @Test
    void folder_thatWasReplaced_isNotAtItsPath() throws IOException {
        Path path = root.resolve("folder");
        Held held = at("folder", 0);
        assertThat(held.isStillAt(path)).isTrue();
        Files.move(path, root.resolve("moved"));
        assertThat(held.isStillAt(path)).isFalse();
        Files.createDirectory(path);
        assertThat(held.isStillAt(path)).isFalse();
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("moved"));
        assertThat(held.isStillAt(path)).isTrue();
        folders.closeAll(0);
    }

    @Test
    void folderOutside_isNotFound() throws IOException {
        Files.createSymbolicLink(root.resolve("up"), root.getParent());
        assertThatThrownBy(() -> folders.at(root.resolve("up"), 0)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void folder_isNotKeptOpen_whenTheTimeIsZero() throws IOException {
        assertThat(new OpenFolders(new FileRoot(root), 0).at(root, 0)).isNull();
    }
}
