package dev.thrum.crawl.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder for downloads in the middle of canary files: whatever is fetched, they stay as they are and none is added. */
final class Surroundings {
    private final Path root;
    private final Path out;
    private Map<String, String> before = Map.of();

    private Surroundings(Path root) {
        this.root = root;
        this.out = root.resolve("home/out");
    }

    static Surroundings in(Path folder) throws IOException {
        Surroundings around = new Surroundings(folder.resolve("around"));
        Files.createDirectories(around.out);
        for (String canary :
                List.of("canary", "home/canary", "home/.profile", "home/out-2/canary", "home/canary.txt")) {
            Path file = around.root.resolve(canary);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "canary " + canary);
        }
        around.remember();
        return around;
    }

    /** The folder for downloads. */
    Path out() {
        return out;
    }

    Path canary() {
        return root.resolve("home/canary.txt");
    }

    /** What is there from now on must stay. */
    void remember() throws IOException {
        before = all();
    }

    /** Everything that was there is unchanged, and nothing was added but in the folder for downloads. */
    void assertUnharmed() throws IOException {
        Map<String, String> now = all();
        assertThat(now).containsAllEntriesOf(before);
        assertThat(now.keySet()).allMatch(name -> before.containsKey(name) || name.startsWith("home/out/"));
    }

    /** The names in the folder for downloads, without the state folder. */
    List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(out)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(DownloadFolder.STATE))
                    .sorted()
                    .toList();
        }
    }

    /** The files of the state folder that are left besides its record and its locks. */
    List<String> parts() throws IOException {
        try (Stream<Path> entries = Files.walk(out.resolve(DownloadFolder.STATE))) {
            return entries.filter(Files::isRegularFile)
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals("lock") && !name.equals("done"))
                    .sorted()
                    .toList();
        }
    }

    private Map<String, String> all() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> entries = Files.walk(root)) {
            entries.filter(entry -> !entry.startsWith(out.resolve(DownloadFolder.STATE)) || Files.isSymbolicLink(entry))
                    .forEach(entry -> found.put(root.relativize(entry).toString(), content(entry)));
        }
        return found;
    }

    private static String content(Path entry) {
        try {
            if (Files.isSymbolicLink(entry)) {
                return "link to " + Files.readSymbolicLink(entry);
            }
            return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                    ? "folder"
                    : "file " + Files.readString(entry, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
