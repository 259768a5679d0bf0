package dev.thrum.app.search;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.crawl.search.NoIndexException;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.crawl.search.SearchPage;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum search}: finds pages of a crawl. */
@Command(
        name = "search",
        description = {
            "Finds the pages of a crawl that have all these words, the best first. Case and accents don't matter.",
            "Also \"phrases\", title:word, site:host, and -word for what a page must not have.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum search --index DIR quick brown fox",
            "  thrum search --index DIR '\"brown fox\" -dog site:example.org' --page 2",
            "  thrum search --index DIR title:fox --json",
        })
public final class SearchCommand implements FlaggedCommand {
    @Parameters(arity = "1..*", paramLabel = "WORDS", description = "What to search for.")
    private List<String> words = List.of();

    private final Flags search = new Flags("Search:");
    private final Flag<@Nullable String> index =
            search.text("--index", "DIR", "The folder of the crawl; it may still be going on");
    private final Flag<Integer> page =
            search.number("--page", 1, 1, SearchPage.LAST, "Which page of " + SearchPage.SIZE + " results");
    private final Flag<Boolean> json = search.on("--json", "Print a JSON object for each result");

    @Spec
    private @Nullable CommandSpec spec;

    /**
     * The arguments of the program, of which none with one minus sign is taken for a flag if this is the command: it excludes a
     * word. Picocli has no setting for that, because {@code -hay} begins like {@code -h}; a blank before it does no harm here.
     */
    public static String[] withoutShortFlags(String[] arguments) {
        if (arguments.length == 0 || !arguments[0].equals("search")) {
            return arguments;
        }
        return Arrays.stream(arguments)
                .map(argument -> excludesWord(argument) ? " " + argument : argument)
                .toArray(String[]::new);
    }

    private static boolean excludesWord(String argument) {
        return argument.matches("(?s)-[^-].*") && !argument.equals("-h") && !argument.equals("-V");
    }

    @Override
    public List<Flags> flags() {
        return List.of(search);
    }

    @Override
    public Integer call() throws CommandException {
        CommandLine line = commandLine();
        LuceneLog.keepErrorsOnly();
        String query = String.join(" ", words);
        try (SearchIndex opened = SearchIndex.open(folder(), Clock.system())) {
            SearchOutput output = new SearchOutput(line.getOut(), line.getErr(), isTerminal());
            SearchPage found = opened.search(query, page.value());
            boolean isThere = json.value() ? output.json(found) : output.text(found);
            return isThere ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (NoIndexException e) {
            throw new CommandLine.ParameterException(line, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandException("expected to search " + index.value() + " but could not: " + IoWords.of(e), e);
        }
    }

    private Path folder() {
        try {
            String name = index.value();
            if (name == null) {
                throw new IllegalArgumentException("expected --index with the folder of a crawl but was given none");
            }
            return Flags.folder("--index", name);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && !"dumb".equals(System.getenv("TERM"));
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
