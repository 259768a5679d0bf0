package dev.thrum.app.lab;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.Flags;
import dev.thrum.base.IoWords;
import dev.thrum.lab.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The flags that write pictures to files. Owned by the thread that reads the command line. */
final class PictureFlags {
    final Flags flags = new Flags("Pictures:");
    private final Flag<@Nullable String> html =
            flags.text("--html", "FILE", "Write a page with the picture, which can be stepped through");
    private final Flag<@Nullable String> trace =
            flags.text("--trace", "FILE", "Write a trace in the JSON format of Chrome, for ui.perfetto.dev");

    /** Whether a picture is asked for. */
    boolean any() {
        return html.value() != null || trace.value() != null;
    }

    /** Fails if a file is named badly, before the work for it begins. */
    void check(@Nullable CommandSpec spec) {
        try {
            file("--html", html.value());
            file("--trace", trace.value());
        } catch (IllegalArgumentException e) {
            throw ScenarioNames.wrong(spec, String.valueOf(e.getMessage()));
        }
    }

    /** Writes what is asked for. */
    void write(Picture picture) throws CommandException {
        Path page = file("--html", html.value());
        if (page != null) {
            write(page, picture.html());
        }
        Path events = file("--trace", trace.value());
        if (events != null) {
            write(events, picture.trace());
        }
    }

    private static @Nullable Path file(String flag, @Nullable String name) {
        return name == null ? null : Flags.file(flag, name);
    }

    private static void write(Path file, String text) throws CommandException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CommandException(
                    "expected to write " + file + " but " + IoWords.of(e) + "; name another file", e);
        }
    }
}
