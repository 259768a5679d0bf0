package dev.thrum.app.lab;

import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.lab.picture.Listing;
import dev.thrum.lab.scenario.LabScenario;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum lab show}: prints the source of a scenario, and what it teaches. */
@Command(
        name = "show",
        description = "Prints the source of a scenario, and what it teaches.",
        footer = {"", "Examples:", "  thrum lab show counter"})
final class ShowCommand implements FlaggedCommand {
    @Parameters(paramLabel = "NAME", description = "The name of a scenario; thrum lab lists them.")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        return List.of();
    }

    @Override
    public Integer call() {
        LabScenario scenario = ScenarioNames.find(spec, name);
        PrintWriter out = ScenarioNames.out(spec);
        out.println(LabText.heading(scenario));
        out.println();
        LabText.wrapped(scenario.lesson()).forEach(out::println);
        out.println();
        LabText.listing(new Listing(scenario.file(), 1, scenario.source())).forEach(out::println);
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
