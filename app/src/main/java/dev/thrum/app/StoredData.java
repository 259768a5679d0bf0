package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.Printable;
import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.Source;
import dev.thrum.store.StoreSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The stored data, for commands that may run next to a server: never creates a database, reports failures in one line. */
final class StoredData {
    /** Users of a command prefer waiting to an error that asks them to try again. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final DataOptions options;
    private final Map<String, String> environment;
    private final CommandSpec command;

    StoredData(DataOptions options, Map<String, String> environment, @Nullable CommandSpec command) {
        if (command == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        this.options = options;
        this.environment = environment;
        this.command = command;
    }

    /** The data folder, for every file that is written. */
    Path folder() {
        return checked(options::folder);
    }

    Source source() {
        return checked(() -> options.source(environment));
    }

    /** Evaluates flags; an error in them is wrong usage. */
    private <T> T checked(Supplier<T> flags) {
        try {
            return flags.get();
        } catch (IllegalArgumentException e) {
            throw wrongUsage(String.valueOf(e.getMessage()));
        }
    }

    CommandLine.ParameterException wrongUsage(String message) {
        return new CommandLine.ParameterException(command.commandLine(), message);
    }

    /** Prints a line, without control characters that could move the cursor. */
    void print(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(Printable.of(line));
        out.flush();
    }

    /**
     * Refuses a server's database, which has backup tools of its own, and a machine where the embedded database's
     * library can't be loaded.
     */
    static void requireEmbedded(Source source) throws CommandException {
        if (source.file().isEmpty()) {
            throw new CommandException("expected the embedded database but the data is in " + source
                    + ": back it up with pg_dump, and restore it with pg_restore");
        }
        NativeFolder.requireForDatabase();
    }

    /** Throws if there is no database, because opening one would create it. */
    static void requireDatabase(Source source) throws CommandException {
        Optional<Path> file = source.file();
        if (file.isPresent() && isMissing(file.get())) {
            throw new CommandException("expected a database " + file.get()
                    + " but there is none: thrum serve creates one, or name another folder with --data");
        }
    }

    /** A file that this user may not see is not missing; an empty file is not a database yet. */
    private static boolean isMissing(Path file) {
        try {
            return Files.notExists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Opens the database, for one caller. */
    Database open() throws CommandException {
        Source source = source();
        requireDatabase(source);
        if (source.file().isPresent()) {
            NativeFolder.requireForDatabase();
        }
        try {
            return StoreSchema.open(DatabaseConfig.of(source).withThreads(1).withDeadline(PATIENCE));
        } catch (DatabaseException e) {
            throw new CommandException(e);
        }
    }

    /** Waits for the result of a database call. */
    static <T> T await(CompletableFuture<T> future) throws CommandException {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof DatabaseException failure) {
                throw new CommandException(failure);
            }
            throw e;
        }
    }
}
