package dev.thrum.app.crawl;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.search.LuceneLog;
import dev.thrum.base.IoWords;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.crawl.crawler.CrawlFolderException;
import dev.thrum.crawl.merge.CrawlMerge;
import dev.thrum.crawl.merge.MergeResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum crawl merge}: makes one set of outputs of several. */
@Command(
        name = "merge",
        description = {
            "Makes one folder of those of several crawls, with each page once.",
            "It has lines, WARC files and an index. The folders, also those of the processes of one crawl, are only",
            "read. The new one is there when it is complete.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum crawl merge machine1 machine2 machine3 --out all",
            "  thrum search --index all quick brown fox",
        })
final class MergeCommand implements FlaggedCommand {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "The folders of crawls, none of which goes on.")
    private List<String> typed = List.of();

    private final Flags files = new Flags("Files:");
    private final Flag<@Nullable String> out =
            files.text("--out", "DIR", "Write into this folder, which must be new or empty");
    private final Flag<Boolean> noIndex = files.on("--no-index", "Don't make an index for thrum search");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        return List.of(files);
    }

    @Override
    public Integer call() throws CommandException {
        LuceneLog.keepErrorsOnly();
        try {
            List<Path> folders =
                    typed.stream().map(name -> Flags.folder("DIR", name)).toList();
            Path target = target();
            print(CrawlMerge.run(folders, target, !noIndex.value()), folders.size(), target);
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException | CrawlFolderException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandException("expected to merge crawls into " + out.value() + " but: " + IoWords.of(e), e);
        }
    }

    private Path target() {
        String name = out.value();
        if (name == null) {
            throw new IllegalArgumentException(
                    "expected --out with a new folder, such as --out all, but was given none");
        }
        return Flags.folder("--out", name);
    }

    private void print(MergeResult result, int folders, Path target) {
        PrintWriter output = line().getOut();
        output.println(Printable.of("merged " + Plural.of(folders, "folder") + " into " + target + ": "
                + Plural.of(result.pages(), "page") + ", " + result.repeated() + " repeated; "
                + Plural.of(result.links(), "link") + ", " + result.skipped() + " left out"));
        output.flush();
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
