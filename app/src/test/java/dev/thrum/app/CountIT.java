package dev.thrum.app;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code thrum count} as a process, also next to {@code wc}. */
@Timeout(180)
final class CountIT {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Child run(String... arguments) throws IOException {
        return Child.thrum(Map.of("LC_ALL", "C.UTF-8"), arguments);
    }

    @Test
    void files_areInTheOrderGiven_withTheirSum() throws IOException {
        int[] lines = new int[40];
        List<String> arguments = new ArrayList<>(List.of("count"));
        for (int i = 0; i < lines.length; i++) {
            // The first ones are the largest, so later ones are counted before them.
            lines[i] = (lines.length - i) * 500 + i % 3;
            arguments.add(file("f" + i, "a ü\n".repeat(lines[i])).toString());
        }
        int all = Arrays.stream(lines).sum();
        int width = Integer.toString(5 * all).length();
        String row = "%%%1$dd %%%1$dd %%%1$dd %%%1$dd %%s".formatted(width);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            expected.add(row.formatted(lines[i], 2 * lines[i], 4 * lines[i], 5 * lines[i], folder.resolve("f" + i)));
        }
        expected.add(row.formatted(all, 2 * all, 4 * all, 5 * all, "total"));
        try (Child count = run(arguments.toArray(String[]::new))) {
            assertThat(count.awaitExit()).as("%s", count.err()).isZero();
            assertThat(count.out()).isEqualTo(expected);
        }
    }

    @Test
    void standardInput_isCounted_alsoAmongFiles() throws IOException {
        String file = file("a.txt", "one two\n").toString();
        try (Child count = run("count", "--json", file, "-", "-")) {
            count.type("three\n\u2003four 😀");
            assertThat(count.awaitExit()).isZero();
            assertThat(count.out())
                    .containsExactly(
                            "{\"name\":\"" + file + "\",\"lines\":1,\"words\":2,\"characters\":8,\"bytes\":8}",
                            "{\"name\":\"-\",\"lines\":1,\"words\":3,\"characters\":13,\"bytes\":18}",
                            "{\"name\":\"-\",\"lines\":0,\"words\":0,\"characters\":0,\"bytes\":0}",
                            "{\"files\":3,\"lines\":2,\"words\":5,\"characters\":21,\"bytes\":26}");
        }
    }

    @Test
    void fileThatCannotBeRead_isReported_andTheOthersAreCounted() throws IOException {
        String file = file("a.txt", "one two\n").toString();
        String missing = folder.resolve("none\u001b[2J").toString();
        try (Child count = run("count", missing, file, folder.toString())) {
            assertThat(count.awaitExit()).isEqualTo(1);
            assertThat(count.out()).containsExactly("1 2 8 8 " + file, "1 2 8 8 total");
            assertThat(count.err())
                    .containsExactly(
                            "thrum count: cannot read " + folder + "/none\\u001b[2J: there is no such file",
                            "thrum count: cannot read " + folder + ": it is a folder; name files in it instead");
        }
    }

    /** Valid text, because older versions of wc leave broken bytes and control characters out. */
    @Test
    void counts_equalThoseOfWc() throws IOException {
        Needs.command("wc");
        Random random = new Random(4711);
        StringBuilder text = new StringBuilder();
        String pieces = "abc  \n\t\r\u000b\füé日本\u00a0\u2003\u3000\u1680\u202f\u2060\u200a😀";
        for (int i = 0; i < 400_000; i++) {
            int at = pieces.offsetByCodePoints(0, random.nextInt(pieces.codePointCount(0, pieces.length())));
            text.appendCodePoint(pieces.codePointAt(at));
        }
        String name = file("text", text.toString()).toString();
        try (Child wc = Child.start(Map.of("LC_ALL", "C.UTF-8"), List.of("wc", "-lwmc", name));
                Child count = run("count", name)) {
            assertThat(wc.awaitExit()).isZero();
            assertThat(count.awaitExit()).isZero();
            assertThat(String.join("\n", count.out()).strip().split(" +"))
                    .isEqualTo(String.join("\n", wc.out()).strip().split(" +"));
        }
    }

    @Test
    void fileLargerThanTheHeap_isCounted() throws IOException {
        byte[] line = "0123456789abcde\n".repeat(4_096).getBytes(StandardCharsets.US_ASCII);
        Path large = folder.resolve("large");
        for (int i = 0; i < 1_000; i++) {
            Files.write(large, line, CREATE, APPEND);
        }
        try (Child count = Child.thrum(Map.of("JDK_JAVA_OPTIONS", "-Xmx24m"), "count", large.toString())) {
            assertThat(count.awaitExit()).as("%s", count.err()).isZero();
            assertThat(count.out()).containsExactly(" 4096000  4096000 65536000 65536000 " + large);
        }
    }
}
