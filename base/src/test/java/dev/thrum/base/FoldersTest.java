package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    private Path folder;

    @Test
    void delete_takesAllThatIsInAFolder() throws IOException {
        Path top = folder.resolve("top");
        Files.createDirectories(top.resolve("a/b"));
        Files.writeString(top.resolve("a/b/file"), "x");
        Files.writeString(top.resolve("file"), "x");
        Folders.delete(top);
        assertThat(top).doesNotExist();
        assertThat(folder).isDirectory();
    }

    @Test
    void delete_ofALink_leavesWhatItPointsTo() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path top = Files.createDirectory(folder.resolve("top"));
        Files.createSymbolicLink(top.resolve("link"), kept);
        Path link = Files.createSymbolicLink(folder.resolve("link"), kept);
        Folders.delete(top);
        Folders.delete(link);
        assertThat(top).doesNotExist();
        assertThat(link).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void delete_ofALinkThatPointsNowhere_deletesIt() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("missing"));
        Folders.delete(link);
        assertThat(Files.isSymbolicLink(link)).isFalse();
    }

    @Test
    void delete_ofNothing_doesNothing() {
        assertThatCode(() -> Folders.delete(folder.resolve("missing"))).doesNotThrowAnyException();
    }
}
