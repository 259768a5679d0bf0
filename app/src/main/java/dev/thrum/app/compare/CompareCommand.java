package dev.thrum.app.compare;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.cli.Version;
import dev.thrum.base.Clock;
import dev.thrum.base.DurationText;
import dev.thrum.base.IoWords;
import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.compare.Baseline;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.ComparisonJson;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Setup;
import dev.thrum.measure.compare.run.ComparePlan;
import dev.thrum.measure.compare.run.CompareRun;
import dev.thrum.measure.report.ComparisonReport;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum compare}: which engine a handler should run on. */
@Command(
        name = "compare",
        description = {
            "Measures the same handler on every engine, in rounds with a fresh server process for each,",
            "and says which engine is better, or that the data doesn't tell.",
        },
        footer = {
            "",
            "Workloads: echo, io, cpu, mixed, db, files, slow-clients and blocking-handler; or classic: five",
            "tasks that wait, on threads and on event loops.",
            "",
            "Examples:",
            "  thrum compare echo                                   a verdict in five minutes",
            "  thrum compare io --full --slo p99=50ms --html io.html",
            "  thrum compare --handler com.example.Api --jar api.jar --path /orders",
            "  thrum compare classic --scale 0.1",
        })
public final class CompareCommand implements FlaggedCommand {
    private static final String CLASSIC = "classic";
    private static final double MILLIS = 1e3;

    @Parameters(arity = "0..1", paramLabel = "WORKLOAD", description = "What the servers do; left out with --handler.")
    private @Nullable String workload;

    private final CompareFlags flags;

    @Spec
    private @Nullable CommandSpec spec;

    public CompareCommand() {
        this(new CompareFlags(ComparePlan.QUICK_ROUNDS, ComparePlan.Times.QUICK));
    }

    /** With other times of {@code --quick}, for tests. */
    CompareCommand(CompareFlags flags) {
        this.flags = flags;
    }

    @Override
    public List<Flags> flags() {
        return flags.groups();
    }

    @Override
    public Integer call() throws CommandException {
        try {
            requireLinux();
            return CLASSIC.equals(workload) ? classic() : compare();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to compare to the end but was interrupted", e);
        } catch (IOException e) {
            throw new CommandException("cannot compare: " + IoWords.of(e), e);
        }
    }

    private static void requireLinux() {
        String system = System.getProperty("os.name");
        if (!system.equals("Linux")) {
            throw new IllegalArgumentException(
                    "expected Linux (thrum compare uses epoll and /proc) but this is " + system);
        }
    }

    private int classic() throws IOException {
        LiveText live = new LiveText(line().getOut(), line().getErr());
        ClassicText text = new ClassicText(ClassicTasks.run(flags.scale.value(), live::show));
        live.end();
        line().getOut().println(flags.json.value() ? text.json() : String.join(System.lineSeparator(), text.lines()));
        line().getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    private int compare() throws IOException, InterruptedException {
        CompareTarget target = CompareTarget.of(workload, flags);
        Optional<Comparison> before = baseline();
        CoreSplit cores = CoreSplit.find();
        String started = Clock.system().instant().toString();
        try (ComparisonFiles files = ComparisonFiles.open(target.name(), started, flags)) {
            LiveText live = new LiveText(line().getOut(), line().getErr());
            CompareRun run = new CompareRun(
                    flags.plan(target),
                    target.requests(),
                    flags.entrants(target, files.scratch()),
                    cores,
                    files.errors(),
                    new CompareRun.Listener() {
                        @Override
                        public void doing(String what) {
                            live.show(what);
                        }

                        @Override
                        public void measured(Comparison soFar) {
                            try {
                                files.save(ComparisonReport.of(soFar, null).json());
                            } catch (IllegalArgumentException e) {
                                // The figures are shown at the end in any case, and then this is the result.
                                live.note("thrum: " + e.getMessage());
                            }
                        }
                    });
            Comparison start = start(run, target, cores, started);
            if (before.isPresent()) {
                Baseline.check(start.conditions(), start.setup(), before.get());
                start = start.withPoints(before.get().highest(), before.get().points());
            }
            announce(target, start, live);
            return measure(run, start, before, files, live);
        }
    }

    private Comparison start(CompareRun run, CompareTarget target, CoreSplit cores, String started) throws IOException {
        Conditions conditions = Conditions.ofThisMachine(started, CompareFlags.jvm(), Version.text());
        Setup setup = new Setup(
                target.name(),
                flags.mode(),
                flags.rounds(),
                flags.goal.value(),
                0,
                flags.times().window().toMillis() / MILLIS,
                flags.limits(target, cores),
                "thrum " + String.join(" ", line().getParseResult().originalArgs()));
        return Comparison.of(setup, conditions, run.arms());
    }

    private Optional<Comparison> baseline() {
        String name = flags.baseline.value();
        try {
            return name == null ? Optional.empty() : Optional.of(ComparisonJson.read(Flags.file("--baseline", name)));
        } catch (IOException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Says what is going to be measured, to the standard error, which is no part of a report. */
    private void announce(CompareTarget target, Comparison start, LiveText live) {
        live.note(target.name() + ": " + target.text());
        start.setup().limits().forEach((name, text) -> live.note("  " + name + ": " + text));
        live.note("  " + flags.rounds() + " rounds, at most "
                + DurationText.of(
                        flags.plan(target).longest(start.contenders().size()).truncatedTo(ChronoUnit.SECONDS))
                + " in all");
    }

    private int measure(
            CompareRun run, Comparison start, Optional<Comparison> before, ComparisonFiles files, LiveText live)
            throws IOException, InterruptedException {
        int status = CommandLine.ExitCode.OK;
        Comparison measured;
        try (StopSignals signals = StopSignals.install()) {
            signals.afterFirst(run::stop);
            measured = run.run(start);
            if (flags.classic.value() && !measured.isInterrupted()) {
                measured = measured.withClassic(ClassicTasks.run(flags.scale.value(), live::show));
            }
            if (signals.haveArrived()) {
                status = signals.status();
            }
        } finally {
            live.end();
        }
        ComparisonReport report = ComparisonReport.of(measured, before.orElse(null));
        print(report);
        files.write(report);
        live.note("data: " + files.data() + " (for --baseline)");
        return status;
    }

    private void print(ComparisonReport report) {
        if (flags.json.value()) {
            line().getOut().println(report.json());
        } else if (flags.markdown.value()) {
            line().getOut().println(report.markdown());
        } else {
            report.text().forEach(line().getOut()::println);
        }
        line().getOut().flush();
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
