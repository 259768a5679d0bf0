package dev.thrum.app.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.PercentEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The arguments that a crawl was begun with, in its folder, so that it can be resumed without them. */
final class SavedArguments {
    private static final String NAME = "state/arguments";

    private SavedArguments() {}

    /** Saves the arguments of a crawl that has just begun, each in a line of its own; a crash leaves those before or these. */
    static void write(Path folder, List<String> arguments) throws IOException {
        StringBuilder lines = new StringBuilder();
        arguments.forEach(
                argument -> lines.append(PercentEncoding.encode(argument)).append('\n'));
        Path begun = folder.resolve(NAME + ".new");
        Files.writeString(begun, lines, UTF_8);
        Files.move(begun, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The arguments of the crawl in this folder; none if it was killed before they were saved. */
    static List<String> read(Path folder) throws IOException {
        List<String> arguments = new ArrayList<>();
        if (!Files.exists(folder.resolve(NAME))) {
            return arguments;
        }
        for (String line : Files.readAllLines(folder.resolve(NAME), UTF_8)) {
            arguments.add(PercentEncoding.decode(line));
        }
        return arguments;
    }
}
