package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the value of a flag comes from: the command line, else its variable, else its default. */
final class FlagsTest {
    private static final String DEFAULTS = "port=7 count=3 time=5s engine=virtual on=false text=null list=[]";

    /** A command with a flag of each kind, which shows their values. */
    @Command(name = "probe", description = "Shows its flags.")
    private static final class Probe implements FlaggedCommand {
        private final PrintWriter out;
        private final Flags flags = new Flags("Flags:");
        private final Flag<PortChoice> port = flags.port("--port", 7, "A port");
        private final Flag<Integer> count = flags.count("--count", 3, "A count (default: three)");
        private final Flag<Span> time = flags.time("--time", "5s", "A time");
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
        CommandLine root = new CommandLine(new Main()).addSubcommand(FlaggedCommand.line(new Probe(printer)));
        int status = new Program(root, variables).run(arguments, printer, new PrintWriter(err));
        return new Ran(status, out.toString(), err.toString());
    }

    private static void assertValues(String changed, Ran ran) {
        Map<String, String> expected = new HashMap<>();
        for (String value : (DEFAULTS + " " + changed).split(" ", -1)) {
            expected.put(value.replaceFirst("=.*", ""), value);
        }
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().split(" ")).containsExactlyInAnyOrderElementsOf(expected.values());
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
    void value_whenTheFlagIsGiven_isThat(String arguments, String changed) {
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
    void value_whenTheFlagIsNotGiven_isThatOfTheVariable(String variable, String value, String changed) {
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
    void value_whenBothAreGiven_isThatOfTheFlag(String variable, String value, String argument, String changed) {
        assertValues(changed, run(Map.of(variable, value), "probe", argument).withoutBlanksInLists());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version", "-V"})
    void help_whateverTheVariablesAre_isShown(String argument) {
        Map<String, String> wrong = Map.of("THRUM_PORT", "x", "THRUM_ON", "x", "THRUM_TEXT", "--on");
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
