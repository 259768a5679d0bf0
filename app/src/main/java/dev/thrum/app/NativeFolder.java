package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.IoWords;
import dev.thrum.database.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder that native libraries are unpacked to and loaded from. It is checked before, because each library reports
 * an unfit folder in its own way: with a stack trace, or by another failure later.
 */
final class NativeFolder {
    private static final String TEMPORARY = "java.io.tmpdir";

    private NativeFolder() {}

    /** Throws if the library of the embedded database can't be loaded. */
    static void requireForDatabase() throws CommandException {
        if (System.getProperty(NativeLibrary.FOLDER) == null) {
            require("the embedded database", "org.sqlite.tmpdir");
        }
    }

    /** Throws if the libraries of engine {@code events} can't be loaded. */
    static void requireForEvents() throws CommandException {
        require("engine events", "io.netty.native.workdir");
    }

    private static void require(String what, String property) throws CommandException {
        String name = System.getProperty(property, System.getProperty(TEMPORARY));
        Optional<String> problem = problem(Path.of(name));
        if (problem.isPresent()) {
            throw new CommandException("cannot load the library of " + what + " from " + name + ": " + problem.get()
                    + "; name another folder with JDK_JAVA_OPTIONS=-D" + TEMPORARY + "=DIR");
        }
    }

    /** Why no library can be loaded from there; empty if it can. */
    static Optional<String> problem(Path folder) {
        try {
            Path probe = Files.createTempFile(folder, "thrum", ".probe");
            try {
                // On a file system that is mounted noexec, no process may execute a file or map it as executable.
                boolean may = probe.toFile().setExecutable(true) && Files.isExecutable(probe);
                return may ? Optional.empty() : Optional.of("files there may not be executed (noexec)");
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            return Optional.of(IoWords.of(e));
        }
    }
}
