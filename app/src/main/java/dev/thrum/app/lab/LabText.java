package dev.thrum.app.lab;

import dev.thrum.lab.Exploring;
import dev.thrum.lab.RealResult;
import dev.thrum.lab.picture.Caption;
import dev.thrum.lab.picture.Listing;
import dev.thrum.lab.picture.Stuck;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The lines that the commands of the lab print. */
final class LabText {
    private static final int WIDTH = 100;
    private static final int LABEL = 12;
    private static final Pattern ACTOR = Pattern.compile("actor (\\d+)");

    private LabText() {}

    static String heading(LabScenario scenario) {
        return scenario.name() + ": " + scenario.title() + " (row " + scenario.row() + ")";
    }

    /** A text in lines of at most 100 characters. */
    static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** A line with a label before it, such as the name of a variant. */
    static String labelled(String label, String text) {
        return label + " ".repeat(Math.max(1, LABEL - label.length())) + text;
    }

    private static String below(String text) {
        return labelled("", text);
    }

    /** A part of a source with the numbers of its lines. */
    static List<String> listing(Listing source) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < source.lines().size(); i++) {
            lines.add("%4d  %s"
                    .formatted(source.firstLine() + i, source.lines().get(i))
                    .stripTrailing());
        }
        return lines;
    }

    /** The result of a run on real threads. */
    static List<String> run(LabScenario scenario, Variant variant, RealResult result) {
        RealResult.Round last = result.last();
        String outcome = last.outcome().isEmpty() ? "came to its end" : last.outcome();
        String rounds = result.rounds() == 1 ? "" : " (round %,d)".formatted(result.rounds());
        List<String> lines = new ArrayList<>();
        switch (last.kind()) {
            case RIGHT -> {
                String times = result.rounds() == 1 ? "" : ", %,d times".formatted(result.rounds());
                lines.add(labelled(variant.name(), outcome + times));
                if (variant.name().equals(Variant.BROKEN)) {
                    lines.add(below("It came out right this time, by luck; thrum lab explore " + scenario.name()
                            + " finds the order that fails."));
                }
            }
            case WRONG -> {
                lines.add(labelled(variant.name(), outcome + rounds));
                lines.add(below(last.problem()));
            }
            case STUCK -> {
                lines.add(labelled(variant.name(), "stuck" + rounds + ": " + stuck(last.waiting())));
                last.waiting().forEach(thread -> lines.add(below(waiting(thread))));
            }
            case ENDLESS ->
                lines.add(labelled(
                        variant.name(), last.problem() + rounds + ", so it was ended after " + seconds(result) + " s"));
        }
        return lines;
    }

    private static String seconds(RealResult result) {
        return Long.toString(result.elapsed().toSeconds());
    }

    private static String stuck(List<Stuck> waiting) {
        return waiting.stream().noneMatch(thread -> thread.holder().isEmpty())
                ? "a deadlock"
                : "a wait that never ends";
    }

    private static String waiting(Stuck thread) {
        return thread.thread() + " waits for " + thread.lock()
                + (thread.holder().isEmpty() ? "" : ", held by " + thread.holder())
                + (thread.line() == 0 ? "" : ", in line " + thread.line());
    }

    /** How much was searched, and what came out. */
    static List<String> explored(LabScenario scenario, Variant variant, ExplorationReport report) {
        String found =
                Exploring.shortest(report).map(finding -> kind(finding.kind())).orElse("nothing is wrong");
        List<String> lines = new ArrayList<>();
        lines.add(variant.name() + ": " + found + " in " + Exploring.extent(report));
        report.outcomes().entrySet().stream()
                .filter(outcome ->
                        !outcome.getKey().isEmpty() || report.outcomes().size() > 1)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(outcome -> lines.add("%8d  %s"
                        .formatted(
                                outcome.getValue(),
                                outcome.getKey().isEmpty() ? "came to its end" : named(scenario, outcome.getKey()))));
        return lines;
    }

    private static String kind(Finding.Kind kind) {
        return switch (kind) {
            case INVARIANT -> "a wrong result";
            case EXCEPTION -> "an exception";
            case DEADLOCK -> "a deadlock";
            case MISSED_WAKE_UP -> "a wait that never ends";
            case LIVELOCK -> "a livelock";
            case OUTLIVES -> "a thread that never ends";
        };
    }

    /** A text with the names of the scenario's threads, where the explorer has numbers. */
    private static String named(LabScenario scenario, String text) {
        return ACTOR.matcher(text)
                .replaceAll(actor -> Caption.nameOf(scenario.threads(), Integer.parseInt(actor.group(1)) - 1));
    }

    /** How to repeat what was found. */
    static String replay(LabScenario scenario, Variant variant, Finding finding) {
        String flag = variant.name().equals(Variant.BROKEN) ? "" : " --" + variant.name();
        return "Repeat it: thrum lab replay " + scenario.name() + flag + " --schedule " + finding.schedule();
    }

    /** What an exploration can't see. */
    static List<String> notSeen(ExplorationReport report) {
        return wrapped("Not seen: " + String.join("; ", report.notSeen()) + ".");
    }
}
