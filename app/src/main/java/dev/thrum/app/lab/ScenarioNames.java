package dev.thrum.app.lab;

import dev.thrum.app.cli.Suggestion;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.Scenarios;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The names of scenarios on a command line. */
final class ScenarioNames {
    private ScenarioNames() {}

    /**
     * The scenario with this name.
     *
     * @throws ParameterException if there is none
     */
    static LabScenario find(@Nullable CommandSpec spec, String name) {
        return Scenarios.find(name)
                .orElseThrow(
                        () -> wrong(spec, "expected the name of a scenario but was \"" + name + "\"" + remedy(name)));
    }

    private static String remedy(String name) {
        List<String> names = Scenarios.all().stream().map(LabScenario::name).toList();
        return Suggestion.closest(name, names)
                .map(closest -> "; did you mean " + closest + "?")
                .orElse("; thrum lab lists them");
    }

    /** The names of all scenarios of which something is true, for a message. */
    static String all(Predicate<LabScenario> which) {
        return Scenarios.all().stream().filter(which).map(LabScenario::name).collect(Collectors.joining(", "));
    }

    /** An exception for wrong usage. */
    static ParameterException wrong(@Nullable CommandSpec spec, String message) {
        return new ParameterException(line(spec), message);
    }

    /** Where the output of a command goes. */
    static PrintWriter out(@Nullable CommandSpec spec) {
        return line(spec).getOut();
    }

    private static CommandLine line(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
