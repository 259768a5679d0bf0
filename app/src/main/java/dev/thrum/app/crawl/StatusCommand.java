package dev.thrum.app.crawl;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.crawl.CrawlStatus.Look;
import dev.thrum.base.Clock;
import dev.thrum.base.IoWords;
import dev.thrum.base.Printable;
import dev.thrum.pipeline.kafka.partitions.LogWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code thrum crawl status}: how far a crawl of several processes is. */
@Command(
        name = "status",
        description = {
            "Shows how far a crawl of several processes is, and what is stuck.",
            "It looks twice, three seconds apart: processes, partitions, pages a second, and what waits.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum crawl status --queue kafka://broker:9092/example",
        })
final class StatusCommand implements FlaggedCommand {
    /** Longer than processes take from one report to the next. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

    private final Flags crawl = new Flags("Crawl:");
    private final SharedFlags shared = new SharedFlags(crawl);

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        return List.of(crawl);
    }

    @Override
    public Integer call() throws CommandException {
        if (!shared.isGiven()) {
            throw new CommandLine.ParameterException(
                    line(),
                    "expected --queue with the crawl, such as --queue kafka://broker:9092/example, but was given none");
        }
        try (LogWatch log = shared.watch()) {
            Look first = Look.of(log.notices(), log.ends());
            Clock.system().sleep(BETWEEN_LOOKS);
            print(new CrawlStatus(first, Look.of(log.notices(), log.ends())).lines());
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            throw new CommandException(IoWords.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to look at the crawl twice but was interrupted", e);
        }
    }

    private void print(List<String> lines) {
        PrintWriter out = line().getOut();
        lines.forEach(line -> out.println(Printable.of(line)));
        out.flush();
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
