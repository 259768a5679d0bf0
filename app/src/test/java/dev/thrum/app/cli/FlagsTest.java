package dev.thrum.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.EngineKind;
import dev.thrum.app.Main;
import dev.thrum.app.Needs;
import dev.thrum.app.Ran;
import dev.thrum.app.Serve;
import dev.thrum.app.UsersCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The value of a flag comes from the command line, else its variable, the configuration file or its default. */
final class FlagsTest {
    private static final String DEFAULTS = "port=7 count=3 time=5s engine=virtual on=false text=null list=[]";

    /** A command with a flag of each kind, which prints their values. */
    @Command(name = "probe", description = "Shows its flags.")
    private static final class Probe implements FlaggedCommand {
        private final PrintWriter out;
        private final Flags flags = new Flags("Flags:");
        private final Flag<PortChoice> port = flags.port("--port", 7, "A port");
        private final Flag<Integer> count = flags.count("--count", 3, "A count (default: three)");
        private final Flag<TimeSpan> time = flags.time("--time", "5s", "A time");
        private final Flag<EngineKind> engine = flags.choice("--engine", "NAME", EngineKind.VIRTUAL, "An engine");
        private final Flag<Boolean> on = flags.on("--on", "A switch");
        private final Flag<@Nullable String> text = flags.text("--text", "TEXT", "A text");
        private final Flag<List<String>> list = flags.texts("--list", "TEXT", "Texts");

        Probe(PrintWriter out) {
            this.out = out;
        }

        @Override
        public List<Flags> flags() {
            return List.of(flags);
        }

        @Override
        public Integer call() {
            out.printf(
                    "port=%s count=%s time=%s engine=%s on=%s text=%s list=%s",
                    port.value(), count.value(), time.value(), engine.value(), on.value(), text.value(), list.value());
            return 0;
        }
    }

    private static Ran run(Map<String, String> variables, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        CommandLine root = new CommandLine(new Main())
                .addSubcommand(FlaggedCommand.line(new Probe(printer)))
                .addSubcommand(FlaggedCommand.line(new Serve(Map.of())))
                .addSubcommand(UsersCommand.line(Map.of()));
        int status = new Program(root, variables).run(arguments, printer, new PrintWriter(err));
        return new Ran(status, out.toString(), err.toString());
    }

    private static void assertValues(String changed, Ran ran) {
        Map<String, String> expected = new HashMap<>();
        for (String value : (DEFAULTS + " " + changed).strip().split(" ", -1)) {
            expected.put(value.replaceFirst("=.*", ""), value);
        }
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().split(" ")).containsExactlyInAnyOrderElementsOf(expected.values());
    }

    @TempDir
    private Path folder;

    private String file(String... lines) throws IOException {
        return Files.write(folder.resolve("probe.conf"), List.of(lines)).toString();
    }

    @Test
    void value_whenNothingIsGiven_isTheDefault() {
        assertThat(run(Map.of(), "probe")).isEqualTo(new Ran(0, DEFAULTS, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port=off | port=off",
                "--port 0 --count 1 | port=0 count=1",
                "--time 1h --engine events | time=1h engine=events",
                "--on | on=true",
                "--on=false | on=false",
                "--text=--quit-- | text=--quit--",
                "--text=${java.home} | text=${java.home}",
                "--list a,b --list c | list=[a,b,c]",
            })
    void value_isThatOfTheFlag_whenTheFlagIsGiven(String arguments, String changed) {
        assertValues(changed, run(Map.of(), ("probe " + arguments).split(" ")).withoutBlanksInLists());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "THRUM_PORT | off | port=off",
                "THRUM_COUNT | 2 | count=2",
                "THRUM_TIME | 1ms | time=1ms",
                "THRUM_ENGINE | threads | engine=threads",
                "THRUM_ON | true | on=true",
                "THRUM_ON | false | on=false",
                "THRUM_TEXT | --quit-- | text=--quit--",
                "THRUM_TEXT | - | text=-",
                "THRUM_TEXT | a$$b${java.home} | text=a$$b${java.home}",
                "THRUM_TEXT | @file | text=@file",
                "THRUM_TEXT | \"a\" | text=\"a\"",
                "THRUM_LIST | a,b | list=[a,b]",
                "THRUM_PORT | tcp://10.0.0.7:80 | port=7",
            })
    void value_isThatOfTheVariable_whenTheFlagIsNotGiven(String variable, String value, String changed) {
        assertValues(changed, run(Map.of(variable, value), "probe").withoutBlanksInLists());
    }

    @ParameterizedTest
    @CsvSource({
        "THRUM_PORT, 9, --port=8, port=8",
        "THRUM_PORT, x, --port=8, port=8",
        "THRUM_TEXT, --on, --text=b, text=b",
        "THRUM_LIST, a, --list=b, list=[b]",
        "THRUM_ON, false, --on, on=true",
        "THRUM_ON, true, --on, on=true",
        "THRUM_ON, maybe, --on, on=true",
        "THRUM_ON, true, --on=false, on=false",
    })
    void value_isThatOfTheFlag_whenBothAreGiven(String variable, String value, String argument, String changed) {
        assertValues(changed, run(Map.of(variable, value), "probe", argument).withoutBlanksInLists());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port = 9 | port=9",
                "port=off | port=off",
                "  time =  1h   | time=1h",
                "on = true | on=true",
                "on = false | on=false",
                "text = a#b=c\"d | text=a#b=c\"d",
                "text = ${java.home}$$ | text=${java.home}$$",
                "text = | text=",
                "list = a,b | list=[a,b]",
                "limit = 5 | port=7",
            })
    void value_isThatOfTheFile_whenNothingElseSetsIt(String line, String changed) throws IOException {
        String file = file("# A comment.", "", line, "  # Another.", "count = 4");
        assertValues(
                changed + " count=4", run(Map.of(), "probe", "--config", file).withoutBlanksInLists());
        assertValues(
                changed + " count=4", run(Map.of("THRUM_CONFIG", file), "probe").withoutBlanksInLists());
    }

    @Test
    void value_isThatOfTheFlag_elseOfTheVariable_elseOfTheFile() throws IOException {
        String file = file("port = 1", "count = 1", "time = 1s", "on = false", "list = a");
        Map<String, String> variables =
                Map.of("THRUM_COUNT", "2", "THRUM_TIME", "2s", "THRUM_LIST", "b", "THRUM_ON", "false");
        assertValues(
                "port=1 count=2 time=3s on=true list=[c]",
                run(variables, "probe", "--on", "--time", "3s", "--list", "c", "--config=" + file));
    }

    @Test
    void configFlag_hasPrecedence_overItsVariable() throws IOException {
        String file = file("port = 1");
        assertValues("port=1", run(Map.of("THRUM_CONFIG", "none"), "probe", "--config", file));
        assertValues("port=1 on=true", run(Map.of("THRUM_CONFIG", "none"), "probe", "--on", "--config", file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port = x | port: expected a port from 0 (any that is free) to 65535, or off, but was \"x\"",
                "on = yes | on: expected true or false but was \"yes\"",
                "on | expected name = value but was \"on\"; a flag without a value is set to true",
                "= 5 | expected name = value but was \"= 5\"; a flag without a value is set to true",
                "prot = 5 | expected the name of a flag, such as console, but was \"prot\"; did you mean port?",
                "--port = 5 | expected the name of a flag, such as console, but was \"--port\"; did you mean port?",
                "nonsense = 5 | expected the name of a flag, such as console, but was \"nonsense\"",
                "config = a | expected flags but config names another file; put its lines here",
                "help = true | expected the name of a flag, such as console, but was \"help\"",
                "log = a | log is now access-log",
                "count = 1 | expected count once but line 1 sets it too; remove one of them",
                "port = 1 # one | expected a value for port but there is a # in it; a comment needs its own line",
                "text = \"a b\" | expected text without quotes; they would be part of the value",
                "text = --on | text: expected a value but \"--on\" is a flag",
            })
    void wrongLine_isNamed(String line, String message) throws IOException {
        String file = file("count = 5", "# A comment.", line, "time = 1s");
        assertThat(run(Map.of(), "probe", "--config", file))
                .isEqualTo(new Ran(2, "", "thrum probe: " + file + ":3: " + message + " (see thrum probe --help)\n"));
    }

    @Test
    void wrongLine_doesNotMatter_whenItsFlagIsGiven() throws IOException {
        String file = file("port = x", "on = maybe");
        assertValues("port=1 on=true", run(Map.of(), "probe", "--on", "--config", file, "--port", "1"));
    }

    @Test
    void missingOrUnreadableFile_isNamed() {
        assertThat(run(Map.of(), "probe", "--config", "no.conf").err())
                .isEqualTo("thrum probe: expected a configuration file but \"no.conf\" can't be read: there is no such"
                        + " file (see thrum probe --help)\n");
        assertThat(run(Map.of("THRUM_CONFIG", folder.toString()), "probe").err())
                .startsWith("thrum probe: expected a configuration file but \"" + folder + "\" can't be read: ")
                .hasLineCount(1);
    }

    @Test
    void fileThatIsNotUtf8_isRefused_andTheLineIsNamed() throws IOException {
        Path file = folder.resolve("latin.conf");
        Files.write(file, "port = 1\ntext = M\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(run(Map.of(), "probe", "--config", file.toString()).err())
                .startsWith("thrum probe: " + file + ":2: expected UTF-8 but ");
        Files.write(file, "\uFEFFtext = M\u00fcller\r\nport = 1\r\n".getBytes(StandardCharsets.UTF_8));
        assertValues("text=M\u00fcller port=1", run(Map.of(), "probe", "--config", file.toString()));
    }

    @Test
    void fileThatIsTooLarge_isRefused() throws IOException {
        String zeros = "/dev/zero";
        Needs.need(Files.exists(Path.of(zeros)), "needs the device " + zeros);
        assertThat(run(Map.of(), "probe", "--config", zeros).err())
                .startsWith("thrum probe: expected a configuration file of at most 65536 bytes but " + zeros);
        String[] lines = new String[65_536 / 8];
        Arrays.fill(lines, "#234567");
        assertValues("", run(Map.of(), "probe", "--config", file(lines)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version", "-V"})
    void help_isShown_evenIfVariablesAreWrong(String argument) {
        Map<String, String> wrong =
                Map.of("THRUM_PORT", "x", "THRUM_ON", "x", "THRUM_TEXT", "--on", "THRUM_CONFIG", "no");
        assertThat(run(wrong, "probe", argument))
                .isEqualTo(run(Map.of(), "probe", argument))
                .extracting(Ran::status)
                .isEqualTo(0);
    }

    @Test
    void help_showsEachFlagWithItsDefault_andItsLabel() {
        assertThat(run(Map.of(), "probe", "--help").out())
                .containsPattern("\nFlags:\n +--port=PORT +A port \\(default: 7\\)\n")
                .containsPattern("--count=N +A count \\(default: three\\)\n")
                .containsPattern("--engine=NAME +An engine \\(default: virtual\\)\n")
                .containsPattern("--on +A switch\n")
                .containsPattern("--text=TEXT +A text\n")
                .containsPattern("--list=TEXT\\S*\\s+Texts\n");
    }
}
