package dev.thrum.app.lab;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.base.IoWords;
import dev.thrum.lab.Captions;
import dev.thrum.lab.RealResult;
import dev.thrum.lab.RealRun;
import dev.thrum.lab.picture.Picture;
import dev.thrum.lab.picture.Stuck;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.lab.scenario.Measurement;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum lab run}: runs a scenario on real threads. */
@Command(
        name = "run",
        description = {
            "Runs a scenario on real threads, with counts. What waits for ever is noticed, drawn and ended.",
            "Ends with status 1 if the hazard has shown.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum lab run counter",
            "  thrum lab run deadlock --html deadlock.html",
            "  thrum lab run downloads --scale 0.1",
        })
final class RunCommand implements FlaggedCommand {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** For waits of at most ten seconds in all. */
    private static final Duration ENOUGH = Duration.ofMinutes(1);

    private static final double LEAST_SCALE = 0.001;
    private static final double MOST_SCALE = 100;

    private final Map<String, String> environment;

    @Parameters(paramLabel = "NAME", description = "The name of a scenario; thrum lab lists them.")
    private String name = "";

    private final VariantFlags variants = new VariantFlags();
    private final Flags time = new Flags("Time:");
    private final Flag<@Nullable Double> scale = time.optional(
            "--scale",
            "N",
            RunCommand::scale,
            "How long waits are in scenarios that compare times, such as 0.1 for a tenth (default: 1)");
    private final PictureFlags pictures = new PictureFlags();

    @Spec
    private @Nullable CommandSpec spec;

    RunCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    private static Double scale(String text) {
        if (text.matches("\\d{1,4}(\\.\\d{1,6})?")) {
            double value = Double.parseDouble(text);
            if (value >= LEAST_SCALE && value <= MOST_SCALE) {
                return value;
            }
        }
        throw new IllegalArgumentException("expected a number from 0.001 to 100 but was \"" + text + "\"");
    }

    @Override
    public List<Flags> flags() {
        return List.of(variants.flags, time, pictures.flags);
    }

    @Override
    public Integer call() throws CommandException {
        LabScenario scenario = ScenarioNames.find(spec, name);
        List<Variant> chosen = variants.chosen(spec, scenario);
        Double factor = scale.value();
        if (factor != null && !scenario.isTimed()) {
            throw ScenarioNames.wrong(
                    spec,
                    "expected --scale only for " + ScenarioNames.all(LabScenario::isTimed) + " but was given for "
                            + name);
        }
        pictures.check(spec);
        Measurement measurement = scenario.measurement();
        if (measurement != null && pictures.any()) {
            throw ScenarioNames.wrong(
                    spec, "expected a scenario with schedules to draw but " + name + " only measures");
        }
        PrintWriter out = ScenarioNames.out(spec);
        out.println(LabText.heading(scenario));
        out.flush();
        try {
            if (measurement != null) {
                return measure(measurement);
            }
            if (!variants.isGiven()) {
                compare(scenario, factor == null ? 1 : factor);
            }
            return runAll(scenario, chosen) ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to run " + name + " to its end but was interrupted", e);
        }
    }

    private Integer measure(Measurement measurement) throws CommandException, InterruptedException {
        try {
            measurement.run(line -> {
                ScenarioNames.out(spec).println(line);
                ScenarioNames.out(spec).flush();
            });
        } catch (IOException e) {
            throw new CommandException("expected to measure " + name + " but " + IoWords.of(e), e);
        }
        return CommandLine.ExitCode.OK;
    }

    /** Runs what compares times, on real threads and on the virtual clock. */
    private void compare(LabScenario scenario, double factor) throws CommandException, InterruptedException {
        PrintWriter out = ScenarioNames.out(spec);
        for (Variant variant : scenario.variants()) {
            if (variant.isTimed()) {
                Variant scaled = variant.scaled(factor);
                RealResult result = new RealRun(scenario, scaled, ENOUGH.multipliedBy((long) Math.ceil(factor))).run();
                out.println(LabText.labelled(
                        variant.name(),
                        "%-34s on the virtual clock: %s"
                                .formatted(result.last().outcome(), Drawing.onVirtualClock(scaled))));
                out.flush();
            }
        }
    }

    /** Returns whether the hazard has shown; the picture is of what shows it, or else of the last variant. */
    private boolean runAll(LabScenario scenario, List<Variant> chosen) throws CommandException, InterruptedException {
        Variant drawn = scenario.variants().getLast();
        List<Stuck> waiting = List.of();
        boolean bad = false;
        for (Variant variant : chosen) {
            RealResult result = run(scenario, variant);
            if (result.isBad() && !bad) {
                drawn = variant;
                waiting = result.last().waiting();
            }
            bad |= result.isBad();
        }
        if (pictures.any()) {
            pictures.write(waiting.isEmpty() ? Drawing.of(scenario, drawn) : ring(scenario, drawn, waiting));
        }
        return bad;
    }

    private static Picture ring(LabScenario scenario, Variant variant, List<Stuck> waiting) {
        return Picture.ofStuck(waiting, Captions.of(scenario, variant, ""));
    }

    private RealResult run(LabScenario scenario, Variant variant) throws InterruptedException {
        RealResult result = new RealRun(scenario, variant, LIMIT).run();
        PrintWriter out = ScenarioNames.out(spec);
        LabText.run(scenario, variant, result).forEach(out::println);
        if (result.last().kind() == RealResult.Kind.STUCK) {
            out.println();
            out.print(ring(scenario, variant, result.last().waiting()).columns(TerminalWidth.of(environment)));
            out.println();
        }
        out.flush();
        return result;
    }
}
