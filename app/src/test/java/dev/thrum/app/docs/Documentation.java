package dev.thrum.app.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** README.md and the documents below docs/, as tests read them. */
public final class Documentation {
    static final Path ROOT = Path.of(System.getProperty("thrum.root"));
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\S*) ?([^\\n]*)\\n(.*?)^```$");
    private static final Pattern FILE_NAME = Pattern.compile("`([A-Z]\\w*\\.java)`");

    private Documentation() {}

    /**
     * A fenced block.
     *
     * @param document the name of its file, relative to the checkout
     * @param marker the text after the language on the opening fence
     * @param before the text between the previous block and this one
     * @param output the text of the block that follows immediately, if it is the output of the last command
     */
    public record Block(
            String document,
            int line,
            String language,
            String marker,
            String text,
            String before,
            Optional<String> output) {
        String place() {
            return document + ":" + line;
        }

        boolean isProgram() {
            return language.equals("java") && text.contains("void main(");
        }

        /** The file name that the text tells readers to use for this program. */
        String fileName() {
            Matcher name = FILE_NAME.matcher(before);
            Optional<String> last = Optional.empty();
            while (name.find()) {
                last = Optional.of(name.group(1));
            }
            return last.orElse("Program.java");
        }
    }

    /** README.md first, then the documents below docs/ by name. */
    static List<Path> documents() {
        List<Path> all = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(all::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static String name(Path document) {
        return ROOT.relativize(document).toString();
    }

    static String text(Path document) {
        try {
            return Files.readString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<Block> blocks() {
        return documents().stream()
                .flatMap(document -> blocks(document).stream())
                .toList();
    }

    public static List<Block> blocks(Path document) {
        String text = text(document);
        List<MatchResult> fences = FENCE.matcher(text).results().toList();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < fences.size(); i++) {
            MatchResult fence = fences.get(i);
            int before = i == 0 ? 0 : fences.get(i - 1).end();
            blocks.add(new Block(
                    name(document),
                    Math.toIntExact(text.substring(0, fence.start()).lines().count() + 1),
                    fence.group(1),
                    fence.group(2),
                    fence.group(3),
                    text.substring(before, fence.start()),
                    output(text, fences, i)));
        }
        return blocks;
    }

    private static Optional<String> output(String text, List<MatchResult> fences, int i) {
        MatchResult fence = fences.get(i);
        if (!fence.group(1).equals("sh") || i + 1 == fences.size()) {
            return Optional.empty();
        }
        MatchResult next = fences.get(i + 1);
        return Optional.of(next)
                .filter(_ -> next.group(1).equals("text")
                        && text.substring(fence.end(), next.start()).isBlank())
                .map(found -> found.group(3));
    }
}
