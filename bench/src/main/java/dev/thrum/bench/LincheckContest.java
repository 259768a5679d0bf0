package dev.thrum.bench;

import dev.thrum.bench.explore.ExploreProcess;
import dev.thrum.bench.explore.LincheckProcess;
import dev.thrum.bench.explore.LincheckProcess.Form;
import dev.thrum.bench.explore.collection.Pair;
import dev.thrum.bench.options.Protocol;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The collection in the explorer and in Lincheck: what each finds, and how long it takes. Each has one process for all programs, warmed
 * up by one of them. A process that does not answer in time is replaced.
 */
final class LincheckContest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Lincheck's own errors, or missing answers, after which a form is given up, if there is nothing else before. */
    private static final int ERRORS = 3;

    private static final String WARM_UP = "0/broken";
    private static final double MILLIS = 1e6;

    /** What Lincheck's agent needs, and more heap than the explorer. */
    private static final List<String> FLAGS = List.of(
            "-Xmx2g",
            "-XX:+EnableDynamicAgentLoading",
            "-Djdk.attach.allowAttachSelf=true",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED");

    private final Processes processes;
    private final Processes lincheck;
    private final PrintStream out;

    /** Milliseconds, and what was found, or one of the words for that nothing was. */
    private record Answer(double millis, String text) {
        private static final String LATE = "no answer";
        private static final String LEFT_OUT = "left out";
        private static final Set<String> NOT_FOUND =
                Set.of(LincheckProcess.NOTHING, LincheckProcess.ERROR, LATE, LEFT_OUT);

        static Answer of(String line) {
            int end = line.indexOf(' ');
            return new Answer(Long.parseLong(line.substring(0, end)) / MILLIS, line.substring(end + 1));
        }

        boolean isFound() {
            return !NOT_FOUND.contains(text);
        }

        boolean isError() {
            return text.equals(LincheckProcess.ERROR) || text.equals(LATE);
        }

        @Override
        public String toString() {
            return isFound() ? String.format(Locale.ROOT, "%,.1f", millis) : text;
        }
    }

    LincheckContest(Processes processes, Path thrum, Pinning pinning, PrintStream out) {
        this.processes = processes;
        this.lincheck = new Processes(Protocol.LINES, thrum.toAbsolutePath(), pinning, FLAGS);
        this.out = out;
    }

    /** Compares them on the first kinds of the collection. */
    List<Finding> run(int kinds) throws IOException, InterruptedException {
        int count = Math.min(kinds, Pair.ALL.size());
        List<Answer> ours = explorer(count);
        Map<Form, List<Answer>> theirs = new EnumMap<>(Form.class);
        for (Form form : Form.values()) {
            theirs.put(form, lincheck(form, "broken", count));
        }
        print(ours, theirs);
        complaints(lincheck(Form.THREAD, "fixed", count));
        return findings(ours, theirs);
    }

    private static List<Finding> findings(List<Answer> ours, Map<Form, List<Answer>> theirs) {
        List<Finding> findings = new ArrayList<>();
        theirs.forEach((form, one) -> {
            List<Double> ratios = new ArrayList<>();
            int missed = 0;
            for (int i = 0; i < ours.size(); i++) {
                if (one.get(i).isFound() && ours.get(i).isFound()) {
                    ratios.add(one.get(i).millis / ours.get(i).millis);
                }
                missed += one.get(i).isFound() && !ours.get(i).isFound() ? 1 : 0;
            }
            String load = "actors: " + form.word() + "; " + missed + " found by Lincheck only";
            if (!ratios.isEmpty()) {
                findings.add(new Finding(
                        "Lincheck : explorer",
                        "time up to the finding, of those that both find",
                        load,
                        Interval.of(ratios),
                        Bound.atLeast(10)));
            }
        });
        return findings;
    }

    private List<Answer> explorer(int count) throws IOException, InterruptedException {
        List<Answer> answers = new ArrayList<>();
        try (Child child = processes.server(ExploreProcess.class)) {
            var _ = child.ask("find " + WARM_UP, PATIENCE);
            for (int i = 0; i < count; i++) {
                answers.add(Answer.of(child.ask("find " + i + "/broken", PATIENCE)));
            }
        }
        return answers;
    }

    private List<Answer> lincheck(Form form, String side, int count) throws IOException, InterruptedException {
        List<Answer> answers = new ArrayList<>();
        @Nullable Child child = null;
        try {
            for (int i = 0; i < count; i++) {
                System.err.println(
                        "Lincheck, " + form.word() + ": " + Pair.ALL.get(i).kind() + ", " + side);
                if (answers.size() >= ERRORS && answers.stream().allMatch(Answer::isError)) {
                    answers.addAll(Collections.nCopies(count - i, new Answer(0, Answer.LEFT_OUT)));
                    break;
                }
                if (child == null) {
                    child = lincheck.server(LincheckProcess.class);
                    var _ = child.ask("find " + WARM_UP + " " + Form.THREAD.word(), PATIENCE);
                }
                try {
                    answers.add(Answer.of(child.ask("find " + i + "/" + side + " " + form.word(), PATIENCE)));
                } catch (IOException e) {
                    System.err.println(e.getMessage());
                    child.close();
                    child = null;
                    answers.add(new Answer(PATIENCE.toMillis(), Answer.LATE));
                }
            }
        } finally {
            if (child != null) {
                child.close();
            }
        }
        return answers;
    }

    private void print(List<Answer> ours, Map<Form, List<Answer>> theirs) {
        out.println("\n| broken program, ms up to the finding | explorer | Lincheck, threads | Lincheck, lambdas"
                + " | Lincheck, virtual threads |\n|---|---|---|---|---|");
        for (int i = 0; i < ours.size(); i++) {
            StringBuilder row =
                    new StringBuilder("| ").append(Pair.ALL.get(i).kind()).append(" | ");
            row.append(ours.get(i)).append(" |");
            for (List<Answer> one : theirs.values()) {
                row.append(' ').append(one.get(i)).append(" |");
            }
            out.println(row);
        }
        StringBuilder last = new StringBuilder("| found, of " + ours.size() + " | ")
                .append(found(ours))
                .append(" |");
        theirs.values().forEach(one -> last.append(' ').append(found(one)).append(" |"));
        out.println(last);
    }

    private static long found(List<Answer> answers) {
        return answers.stream().filter(Answer::isFound).count();
    }

    /** What is not wrong, but found. */
    private void complaints(List<Answer> fixed) {
        out.println("\nOf the " + fixed.size()
                + " fixed programs, all of which the explorer exhausts, Lincheck, threads, finds fault with "
                + found(fixed) + (found(fixed) == 0 ? "." : ":"));
        for (int i = 0; i < fixed.size(); i++) {
            if (fixed.get(i).isFound()) {
                out.println("* " + Pair.ALL.get(i).kind() + ": " + fixed.get(i).text);
            }
        }
    }
}
