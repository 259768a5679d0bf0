package dev.thrum.app.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code thrum lab} and its commands. */
@Timeout(120)
final class LabCommandTest {
    private static final Pattern SCHEDULE = Pattern.compile("--schedule (s1-\\S+)");

    @TempDir
    private Path folder;

    @Test
    void lab_listsTheScenarios_byRow() {
        Ran ran = Ran.of("lab");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .startsWith("21  hello ")
                .contains("\n22  counter ", "\n30  cores ")
                .endsWith("explore NAME tries every schedule.\n");
    }

    @Test
    void show_printsTheSource_andTheLesson() {
        Ran ran = Ran.of("lab", "show", "counter");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .startsWith(
                        "counter: two threads count; increments are lost (row 22)\n\ncount++ reads, adds and writes.")
                .contains("\n   8  final class Counter {\n", "count++; //");
    }

    @Test
    void run_ofWhatNeverDependsOnLuck_saysWhatIsWrong_andEndsWithOne() {
        Ran ran = Ran.of("lab", "run", "hello");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out().lines())
                .startsWith(
                        "hello: two threads with names say hello; run() starts none (row 21)",
                        "broken      hello from main and from main",
                        "            expected hello from Ann and from Bob but was hello from main and from main")
                .last()
                .asString()
                .matches("fixed       hello from (Ann and from Bob|Bob and from Ann)");
    }

    @ParameterizedTest
    @CsvSource({"hello", "counter", "deadlock", "log"})
    void run_ofTheFixedProgram_endsWithZero(String name) {
        assertThat(Ran.of("lab", "run", name, "--fixed").status()).isZero();
    }

    /** Luck decides, but the status and the text agree. */
    @Test
    void run_ofTheBrokenProgram_saysWhetherItsHazardHasShown() {
        Ran ran = Ran.of("lab", "run", "livelock", "--broken");

        assertThat(ran.out().contains("It came out right this time, by luck; thrum lab explore livelock finds"))
                .isEqualTo(ran.status() == 0);
    }

    @Test
    void run_ofWaits_hasTheTimesOfTheVirtualClock() {
        Ran ran = Ran.of("lab", "run", "downloads", "--scale", "0.01");

        assertThat(ran.status()).isZero();
        assertThat(ran.out())
                .containsPattern(
                        "(?m)^sequential  3 downloads in \\d+\\.\\d s +on the virtual clock: 3 downloads in 0.1 s$")
                .containsPattern(
                        "(?m)^concurrent  3 downloads in \\d+\\.\\d s +on the virtual clock: 3 downloads in 0.0 s$");
    }

    @Test
    void explore_showsCountsSourceAndTrace_andEndsWithOne() {
        Ran ran = Ran.of("lab", "explore", "counter");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out())
                .contains(
                        "\nbroken: a wrong result in 4 schedules of at most 100 steps, all that can differ\n",
                        "\n       2  exactly 2\n",
                        "\n       2  lost 1 of 2\n",
                        "static final class Broken implements Program {",
                        "count is 1 but should be 2.",
                        "\nfixed: nothing is wrong in 2 schedules of at most 100 steps, all that can differ\n",
                        "\nNot seen: memory orders weaker than sequential consistency; ");
        assertThat(ran.out().lines().filter(line -> !line.matches(" +\\d+  .*")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void explore_ofTheFixedProgram_endsWithZero() {
        Ran ran = Ran.of("lab", "explore", "deadlock", "--fixed");

        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("nothing is wrong in 2 schedules").doesNotContain("broken");
    }

    @Test
    void replay_repeatsWhatExploreHasPrinted() {
        Ran explored = Ran.of("lab", "explore", "deadlock", "--broken");
        Matcher schedule = SCHEDULE.matcher(explored.out());
        assertThat(schedule.find()).isTrue();

        Ran ran = Ran.of("lab", "replay", "deadlock", "--schedule", schedule.group(1));

        assertThat(ran.status()).isEqualTo(1);
        String columns = ran.out().substring(ran.out().indexOf("step  line"));
        assertThat(explored.out()).contains(columns);
    }

    @Test
    void replay_ofAScheduleThatDoesNotFit_isWrongUsage() {
        Ran ran = Ran.of("lab", "replay", "deadlock", "--schedule", "s1-8fd0e4d8-0x2.1x3.0");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .hasLineCount(1)
                .startsWith("thrum lab replay: expected a schedule of ")
                .contains("but it is of another program");
    }

    @Test
    void terminalThatIsTooNarrow_isSaid_andGetsAList() {
        Ran ran = Ran.of(Map.of("COLUMNS", "20"), "lab", "explore", "counter", "--broken");

        assertThat(ran.out()).contains("expected a terminal");
    }

    @ParameterizedTest
    @CsvSource({
        "explore, counter, 1",
        "explore, deadlock, 1",
        "explore, chef, 1",
        "run, hello, 1",
        "run, counter --fixed, 0",
        "run, downloads --scale 0.001, 0",
    })
    void pictures_areWritten(String command, String arguments, int status) throws IOException {
        Path page = folder.resolve("page.html");
        Path trace = folder.resolve("trace.json");

        Ran ran = Ran.of(("lab " + command + " " + arguments + " --html " + page + " --trace " + trace).split(" "));

        assertThat(ran.status()).as("%s", ran.err()).isEqualTo(status);
        assertThat(Files.readString(page)).startsWith("<!doctype html>").endsWith("</html>\n");
        assertThat(page)
                .isNotEmptyFile()
                .satisfies(file -> assertThat(Files.size(file)).isLessThan(150_000));
        assertThat(Files.readString(trace)).contains("\"traceEvents\"");
    }

    @Test
    void picture_thatCannotBeWritten_isReportedInOneLine() {
        Ran ran = Ran.of(
                "lab",
                "explore",
                "counter",
                "--html",
                folder.resolve("none/a.html").toString());

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err())
                .hasLineCount(1)
                .startsWith("thrum: expected to write ")
                .endsWith("; name another file\n");
    }
}
