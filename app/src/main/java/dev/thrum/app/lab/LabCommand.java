package dev.thrum.app.lab;

import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cluster.ClusterCommand;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.Scenarios;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code thrum lab}: lists the scenarios. */
@Command(
        name = "lab",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Shows what can go wrong when threads share something: small programs, each with a hazard and without",
            "it. Without a command it lists them.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum lab                             all scenarios",
            "  thrum lab show counter                the source of one, and what it teaches",
            "  thrum lab run counter                 on real threads",
            "  thrum lab explore counter             under every schedule, with the shortest that fails",
            "  thrum lab explore bank --html bank.html",
            "  thrum lab cluster                     servers and crawling processes that share a broker and a database",
        })
public final class LabCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    public static CommandLine line(Map<String, String> environment) {
        return new CommandLine(new LabCommand())
                .addSubcommand(FlaggedCommand.line(new ShowCommand()))
                .addSubcommand(FlaggedCommand.line(new RunCommand(environment)))
                .addSubcommand(FlaggedCommand.line(new ExploreCommand(environment)))
                .addSubcommand(FlaggedCommand.line(new ReplayCommand(environment)))
                .addSubcommand(FlaggedCommand.line(new ClusterCommand()));
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        PrintWriter out = spec.commandLine().getOut();
        for (LabScenario scenario : Scenarios.all()) {
            out.printf("%d  %-10s %s%n", scenario.row(), scenario.name(), scenario.title());
        }
        out.println();
        out.println(
                "thrum lab show NAME prints the source of one, run NAME runs it, explore NAME tries every schedule.");
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
