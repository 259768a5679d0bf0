package dev.thrum.measure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the system's programs are. */
public final class ProgramPath {
    private ProgramPath() {}

    /** The path of a program of this name in a folder of PATH, or else in one of these; empty if there is none. */
    public static Optional<Path> find(String name, String... folders) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Arrays.stream(folders))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * The path of a program in a folder of PATH.
     *
     * @param debian the package of Debian that has it
     * @throws IOException with the remedy, if there is none
     */
    public static Path require(String name, String debian) throws IOException {
        return find(name)
                .orElseThrow(() -> new IOException(
                        "expected " + name + " on PATH but found none (Debian: apt install " + debian + ")"));
    }
}
