package dev.thrum.bench;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.scripted.FileFault;
import dev.thrum.testkit.scripted.FileServer;
import dev.thrum.testkit.scripted.ServedFile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What {@code thrum fetch}, curl, wget and aria2 make of the same scripted faults: the status of the last run, and whether the
 * file in the folder is one of the versions that the server had.
 */
record FaultsBench(Path thrum, PrintStream out, ScratchFolder folder) {
    private static final int SIZE = 1_000_000;
    private static final int CUT = 600_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String OLD = "mine\n";

    /**
     * A program.
     *
     * @param command without the URL; it runs in the folder
     * @param once the flags to save a file under the name that the server proposes
     * @param again the flags to resume a file
     */
    private record Program(String name, List<String> command, List<String> once, List<String> again) {}

    /**
     * A story.
     *
     * @param faults of the responses, in order
     * @param runs how often the program is started
     * @param changes whether the file changes after the first run
     * @param isTaken whether there is a file of this name before
     */
    private record Story(
            String name, ServedFile file, List<FileFault> faults, int runs, boolean changes, boolean isTaken) {}

    /** None tries again by itself, so that the runs of a story are what it says. */
    private List<Program> programs() {
        return List.of(
                new Program(
                        "thrum fetch",
                        List.of(thrum.toAbsolutePath().toString(), "fetch", "--retries", "0"),
                        List.of(),
                        List.of()),
                new Program("curl", List.of("curl", "-q", "-sS", "-f", "-O"), List.of("-J"), List.of("-C", "-")),
                new Program(
                        "wget",
                        List.of("wget", "-q", "--no-config", "--tries=1"),
                        List.of("--content-disposition"),
                        List.of("-c")),
                new Program("aria2", List.of("aria2c", "-q", "--no-conf", "--max-tries=1"), List.of(), List.of("-c")));
    }

    private static List<Story> stories() {
        ServedFile file = version(1);
        FileFault right = FileFault.none();
        FileFault cut = FileFault.cutAfter(CUT);
        return List.of(
                new Story("the body is cut", file, List.of(cut), 1, false, false),
                new Story("cut, then run again", file, List.of(cut), 2, false, false),
                new Story("cut; the file changes; run again", file, List.of(cut), 2, true, false),
                new Story(
                        "cut; run again, and the range begins 1,000 bytes early",
                        file,
                        List.of(cut, FileFault.shiftedRange(-1_000)),
                        2,
                        false,
                        false),
                new Story("the last chunk is missing", file, List.of(FileFault.noLastChunk()), 1, false, false),
                new Story("another file has the name", file, List.of(right), 1, false, true),
                new Story(
                        "a name with folders, filename=\"../../up.bin\"",
                        file.with("Content-Disposition: attachment; filename=\"../../up.bin\""),
                        List.of(right),
                        1,
                        false,
                        false));
    }

    private static ServedFile version(int number) {
        return ServedFile.of(content(number)).withEtag("\"version-" + number + "\"");
    }

    private static byte[] content(int number) {
        byte[] bytes = new byte[SIZE];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    void run() throws IOException, InterruptedException {
        List<Program> programs = programs();
        out.println();
        out.println("| what happens | "
                + String.join(" | ", programs.stream().map(Program::name).toList()) + " |");
        out.println("|---|" + "---|".repeat(programs.size()));
        for (Story story : stories()) {
            List<String> cells = new ArrayList<>();
            for (Program program : programs) {
                cells.add(outcome(story, program));
            }
            out.println("| " + story.name + " | " + String.join(" | ", cells) + " |");
        }
    }

    private String outcome(Story story, Program program) throws IOException, InterruptedException {
        Path saved = Files.createTempDirectory(folder.path(), "faults-").resolve("a/b");
        Files.createDirectories(saved);
        if (story.isTaken) {
            Files.writeString(saved.resolve("file.bin"), OLD);
        }
        FileServer files = new FileServer().put("/file.bin", story.file);
        files.spoil("/file.bin", story.faults.toArray(FileFault[]::new));
        if (story.runs == 1 && program.name.equals("wget")) {
            // It asks for the head first.
            files.spoil("/file.bin", story.faults.toArray(FileFault[]::new));
        }
        int status = -1;
        try (Engine engine = Engine.virtual();
                Server server = engine.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), files, Limits.defaults())) {
            List<String> command = new ArrayList<>(List.of("env", "-C", saved.toString()));
            command.addAll(program.command);
            command.addAll(story.runs == 1 ? program.once : program.again);
            command.add("http://127.0.0.1:" + server.address().getPort() + "/file.bin");
            for (int run = 0; run < story.runs; run++) {
                status = ProgramRun.of(command, Map.of("LC_ALL", "C.UTF-8"), folder.path(), PATIENCE)
                        .status();
                if (story.changes) {
                    files.put("/file.bin", version(2));
                }
            }
        }
        return "status " + status + ", " + found(saved, story);
    }

    private static String found(Path saved, Story story) throws IOException {
        Path above = Objects.requireNonNull(saved.getParent());
        try (Stream<Path> all = Files.walk(above)) {
            List<String> outcomes = all.filter(Files::isRegularFile)
                    .filter(file -> above.relativize(file).toString().chars().noneMatch(c -> c == '\n'))
                    .filter(file -> !file.toString().contains(".thrum-fetch")
                            && !file.toString().endsWith(".aria2"))
                    .map(file -> described(saved, file))
                    .sorted()
                    .toList();
            boolean isLost = story.isTaken && outcomes.stream().noneMatch(text -> text.contains("untouched"));
            return (outcomes.isEmpty() ? "no file" : String.join(", ", outcomes))
                    + (isLost ? ", **the other file is lost**" : "");
        }
    }

    private static String described(Path saved, Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String name = "`" + saved.relativize(file) + "` ";
            if (Arrays.equals(bytes, content(1)) || Arrays.equals(bytes, content(2))) {
                return name + "complete";
            }
            if (new String(bytes, StandardCharsets.ISO_8859_1).equals(OLD)) {
                return name + "untouched";
            }
            boolean isPart = Arrays.equals(bytes, Arrays.copyOf(content(1), bytes.length)) && bytes.length < SIZE;
            return name + (isPart ? "**a part**" : "**of no version**");
        } catch (IOException e) {
            throw new IllegalStateException("expected to read " + file, e);
        }
    }
}
