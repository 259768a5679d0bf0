package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeFolderTest {
    @TempDir
    private Path folder;

    @Test
    void suitableFolder_isAccepted_andStaysEmpty() throws IOException {
        assertThat(NativeFolder.problem(folder)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void missingFolder_isNamed() {
        assertThat(NativeFolder.problem(folder.resolve("none")))
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("there is no " + folder.resolve("none")));
    }
}
