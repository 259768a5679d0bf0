package dev.thrum.app.lab;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.lab.Captions;
import dev.thrum.lab.Exploring;
import dev.thrum.lab.picture.Picture;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum lab explore}: runs a scenario under every schedule. */
@Command(
        name = "explore",
        description = {
            "Runs a scenario under every schedule that can differ, and prints the shortest that fails next to the",
            "source. Ends with status 1 if one fails.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum lab explore counter",
            "  thrum lab explore deadlock --broken --html deadlock.html",
        })
final class ExploreCommand implements FlaggedCommand {
    private final Map<String, String> environment;

    @Parameters(paramLabel = "NAME", description = "The name of a scenario; thrum lab lists them.")
    private String name = "";

    private final VariantFlags variants = new VariantFlags();
    private final PictureFlags pictures = new PictureFlags();

    @Spec
    private @Nullable CommandSpec spec;

    ExploreCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Flags> flags() {
        return List.of(variants.flags, pictures.flags);
    }

    @Override
    public Integer call() throws CommandException {
        LabScenario scenario = ScenarioNames.find(spec, name);
        List<Variant> chosen = variants.some(spec, scenario);
        pictures.check(spec);
        PrintWriter out = ScenarioNames.out(spec);
        out.println(LabText.heading(scenario));
        boolean failed = false;
        boolean drawn = false;
        ExplorationReport report = null;
        for (Variant variant : chosen) {
            report = Drawing.explore(variant);
            boolean fails = !report.findings().isEmpty();
            print(scenario, variant, report);
            if (pictures.any() && !drawn && (fails || variant.equals(chosen.getLast()))) {
                pictures.write(Drawing.of(scenario, variant, report));
                drawn = true;
            }
            failed |= fails;
        }
        if (report != null && report.findings().isEmpty()) {
            out.println();
            LabText.notSeen(report).forEach(out::println);
        }
        out.flush();
        return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private void print(LabScenario scenario, Variant variant, ExplorationReport report) throws CommandException {
        PrintWriter out = ScenarioNames.out(spec);
        out.println();
        LabText.explored(scenario, variant, report).forEach(out::println);
        Optional<Finding> finding = Exploring.shortest(report);
        if (finding.isPresent()) {
            Picture picture = Drawing.of(scenario, variant, report);
            out.println();
            LabText.listing(Captions.listing(scenario, variant)).forEach(out::println);
            out.println();
            out.print(picture.columns(TerminalWidth.of(environment)));
            out.println();
            out.println(LabText.replay(scenario, variant, finding.get()));
        }
        out.flush();
    }
}
