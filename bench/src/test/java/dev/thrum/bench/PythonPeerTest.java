package dev.thrum.bench;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PythonPeerTest {
    @Test
    void libraryThatIsMissing_isNamedWithItsPackage(@TempDir Path folder) {
        assertThatThrownBy(() -> PythonPeer.of(
                        "no_such_module",
                        "A library",
                        "python3-library",
                        "scrapy_spider.py",
                        new ScratchFolder(folder)))
                .isInstanceOf(IOException.class)
                .hasMessage("expected A library for python3 but found none (Debian: apt install python3-library)");
    }
}
