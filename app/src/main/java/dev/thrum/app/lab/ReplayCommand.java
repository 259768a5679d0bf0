package dev.thrum.app.lab;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.lab.picture.Picture;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.ExplorationReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum lab replay}: repeats one schedule of a scenario. */
@Command(
        name = "replay",
        description = {
            "Repeats one schedule of a scenario, step by step, as thrum lab explore has printed it. Ends with",
            "status 1 if it fails.",
        },
        footer = {"", "Examples:", "  thrum lab replay counter --schedule s1-2d0ff2d5-0x2.1x3.0"})
final class ReplayCommand implements FlaggedCommand {
    private final Map<String, String> environment;

    @Parameters(paramLabel = "NAME", description = "The name of a scenario; thrum lab lists them.")
    private String name = "";

    private final Flags replay = new Flags("Replay:");
    private final Flag<@Nullable String> schedule =
            replay.text("--schedule", "SCHEDULE", "The schedule, such as s1-2d0ff2d5-0x2.1x3.0; needed");
    private final VariantFlags variants = new VariantFlags();
    private final PictureFlags pictures = new PictureFlags();

    @Spec
    private @Nullable CommandSpec spec;

    ReplayCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Flags> flags() {
        return List.of(replay, variants.flags, pictures.flags);
    }

    @Override
    public Integer call() throws CommandException {
        LabScenario scenario = ScenarioNames.find(spec, name);
        Variant variant = variants.one(spec, scenario);
        String text = schedule.value();
        if (text == null) {
            throw ScenarioNames.wrong(
                    spec, "expected --schedule with a schedule of thrum lab explore " + name + " but was given none");
        }
        pictures.check(spec);
        ExplorationReport report;
        try {
            report = Drawing.replay(variant, text);
        } catch (IllegalArgumentException e) {
            throw ScenarioNames.wrong(spec, String.valueOf(e.getMessage()));
        }
        PrintWriter out = ScenarioNames.out(spec);
        Picture picture = Drawing.of(scenario, variant, report);
        out.println(LabText.heading(scenario));
        out.println();
        out.print(picture.columns(TerminalWidth.of(environment)));
        out.flush();
        if (pictures.any()) {
            pictures.write(picture);
        }
        return report.findings().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
