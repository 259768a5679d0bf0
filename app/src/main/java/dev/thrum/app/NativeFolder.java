package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.IoWords;
import dev.thrum.database.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder where libraries in C are unpacked, to be loaded from there. They tell of one that is unfit by stacks, each in
 * its own way, or by something else that fails later; so it is looked at before.
 */
final class NativeFolder {
    private static final String TEMPORARY = "java.io.tmpdir";

    private NativeFolder() {}

    /** Refuses to go on where the embedded database could not be loaded. */
    static void requireForDatabase() throws CommandException {
        if (System.getProperty(NativeLibrary.FOLDER) == null) {
            require("the embedded database", "org.sqlite.tmpdir");
        }
    }

    /** Refuses to go on where engine {@code events} could not be loaded. */
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

    /** Why nothing can be loaded from there; empty if it can. */
    static Optional<String> problem(Path folder) {
        try {
            Path probe = Files.createTempFile(folder, "thrum", ".probe");
            try {
                // The kernel lets nobody execute, or map for that, what lies on a file system that is mounted noexec.
                boolean may = probe.toFile().setExecutable(true) && Files.isExecutable(probe);
                return may ? Optional.empty() : Optional.of("what lies there may not be executed (noexec)");
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            return Optional.of(IoWords.of(e));
        }
    }
}
