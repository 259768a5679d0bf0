package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The man pages and completions that the build packages. */
@Timeout(120)
final class ManualsTest {
    private static final Pattern FLAG = Pattern.compile("(?m)^ +(?:-\\w, )?(--[a-z-]+)");
    private static final List<List<String>> COMMANDS = List.of(
            List.of(),
            List.of("serve"),
            List.of("talk"),
            List.of("files"),
            List.of("fetch"),
            List.of("mine"),
            List.of("crawl"),
            List.of("crawl", "merge"),
            List.of("crawl", "status"),
            List.of("search"),
            List.of("count"),
            List.of("load"),
            List.of("compare"),
            List.of("lab"),
            List.of("lab", "show"),
            List.of("lab", "run"),
            List.of("lab", "explore"),
            List.of("lab", "replay"),
            List.of("lab", "cluster"),
            List.of("doctor"),
            List.of("backup"),
            List.of("restore"),
            List.of("users"),
            List.of("users", "list"),
            List.of("users", "add"),
            List.of("ledger"),
            List.of("ledger", "check"),
            List.of("help"),
            List.of("version"));

    /** Prints the proposals of the completion, and "files" if it proposes file names, too. */
    private static final String COMPLETE = """
            default=files
            compopt() { default=; }
            source "$0"
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _thrum
            printf '%s\\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} $default
            """;

    @TempDir
    private static Path share;

    @BeforeAll
    static void writeManuals() {
        assertThat(Ran.of("write-manuals", share.toString())).isEqualTo(new Ran(0, "", ""));
    }

    private static Path bash() {
        return share.resolve("bash-completion/completions/thrum");
    }

    private static Path page(List<String> command) {
        List<String> words = new ArrayList<>(List.of("thrum"));
        words.addAll(command);
        return share.resolve("man/man1").resolve(String.join("-", words) + ".1");
    }

    @Test
    void manPages_existForEachCommand() throws IOException {
        try (Stream<Path> pages = Files.list(share.resolve("man/man1"))) {
            assertThat(pages)
                    .containsExactlyInAnyOrderElementsOf(
                            COMMANDS.stream().map(ManualsTest::page).toList());
        }
    }

    @TestFactory
    Stream<DynamicTest> manPage_hasEveryFlagOfTheHelp() {
        return COMMANDS.stream()
                .map(command -> DynamicTest.dynamicTest(command.toString(), () -> {
                    String page = Files.readString(page(command)).replace("\\-", "-");
                    assertThat(page)
                            .startsWith(".TH THRUM")
                            .contains(".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", "\\fB--help\\fR");
                    List<String> help = new ArrayList<>(command);
                    help.add("--help-all");
                    Ran whole = Ran.of(help.toArray(String[]::new));
                    help.set(command.size(), "--help");
                    Ran ran = whole.status() == 0 ? whole : Ran.of(help.toArray(String[]::new));
                    List<String> flags = FLAG.matcher(ran.out())
                            .results()
                            .map((MatchResult flag) -> "\\fB" + flag.group(1) + "\\fR")
                            .toList();
                    assertThat(flags).isNotEmpty();
                    assertThat(page).contains(flags);
                }));
    }

    @Test
    void manPages_areValidRoff() throws IOException {
        Needs.command("groff");
        for (List<String> command : COMMANDS) {
            List<String> groff = List.of(
                    "groff", "-man", "-Tutf8", "-ww", "-P-cbou", page(command).toString());
            try (Child child = Child.start(Map.of("LC_ALL", "C.UTF-8"), groff)) {
                assertThat(child.awaitExit()).isZero();
                assertThat(child.err()).as("%s", command).isEmpty();
                assertThat(String.join("\n", child.out())).contains("NAME", "EXIT STATUS");
            }
        }
    }

    @Test
    void completion_isValidBash() throws IOException {
        try (Child child = Child.start(Map.of(), List.of("bash", "-n", bash().toString()))) {
            assertThat(child.awaitExit()).isZero();
            assertThat(child.err()).isEmpty();
        }
    }

    @Test
    void completion_isValidZsh() throws IOException {
        Needs.command("zsh");
        String script = share.resolve("zsh/site-functions/_thrum").toString();
        try (Child child = Child.start(Map.of(), List.of("zsh", "-n", script))) {
            assertThat(child.awaitExit()).isZero();
            assertThat(child.err()).isEmpty();
        }
    }

    /** The last word is completed; a dot stands for an empty word. */
    @ParameterizedTest
    @CsvSource({
        "thrum serv, serve",
        "thrum se, serve search",
        "thrum ., serve talk files fetch mine crawl search count load compare lab doctor backup restore users ledger help version",
        "thrum write, ''",
        "thrum train, ''",
        "thrum users ., list add",
        "thrum users l, list",
        "thrum help us, users",
        "thrum serve --eng, --engine",
        "thrum serve --engine ., threads virtual events",
        "thrum serve --engine e, events",
        "thrum serve --engine = v, virtual",
        "thrum serve --engine =, threads virtual events",
        "thrum serve --access-log-f, --access-log-format",
        "thrum users list --li, --limit",
        "thrum --ver, --version",
        "thrum serve --drain 5, ''",
        "thrum serve --data ., files",
        "thrum serve --config = /etc, files",
        "thrum files ., files",
        "thrum restore x, files",
        "thrum count --js, --json files",
        "thrum fetch --per, --per-host",
        "thrum fetch -i ., files",
        "thrum mine --sel, --select",
        "thrum crawl --max-p, --max-pages --max-pages-per-host",
        "thrum crawl --resume ., files",
        "thrum crawl --refresh ., files",
        "thrum crawl mer, merge",
        "thrum crawl merge ., files",
        "thrum search --in, --index",
        "thrum search --index ., files",
        "thrum count a ., files",
        "thrum lab ., show run explore replay cluster",
        "thrum lab run --sc, --scale",
        "thrum lab explore --html ., files",
        "thrum talk ., ''",
        "thrum users add serve ., ''",
    })
    void completion_inBash_proposesMatchingWords(String words, String proposed) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", COMPLETE, bash().toString()));
        Arrays.stream(words.split(" ", -1))
                .map(word -> word.equals(".") ? "" : word)
                .forEach(command::add);
        try (Child child = Child.start(Map.of(), command)) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(child.err()).isEmpty();
            assertThat(String.join(" ", child.out()).strip()).isEqualTo(proposed);
        }
    }
}
