package dev.thrum.simulation.explore.collection;

import dev.thrum.simulation.explore.*;
import java.time.Duration;

final class Survey {
    public static void main(String[] args) {
        long all = 0, red = 0;
        for (Pair p : Pair.ALL) {
            if (args.length > 0 && !p.kind().matches(args[0])) continue;
            StringBuilder line = new StringBuilder(p.kind());
            for (var c : new Class[] {p.broken(), p.fixed()}) {
                long t = System.nanoTime();
                try {
                    Explorer e = Explorer.of((Class<? extends Program>) c).withFindings(1000).withSteps(500)
                            .withTimeouts(p.kind().contains("sleep for") ? Timeouts.ANY : Timeouts.BY_CLOCK)
                            .withBudget(50_000, Duration.ofSeconds(3));
                    ExplorationReport r = e.explore();
                    all += r.schedules();
                    red += r.redundant();
                    boolean broken = c == p.broken();
                    boolean right = r.exhausted() && (broken ? r.findings().stream().anyMatch(f -> f.kind() == p.expected()) : r.findings().isEmpty());
                    line.append(" | ").append(right ? "" : "XXXX ").append(r.schedules()).append(" ").append(r.redundant()).append(r.redundant() > 0 ? "!" : "").append(" ").append((System.nanoTime() - t) / 1_000_000).append("ms ");
                    ExplorationReport s = e.withSearch(Search.sleepSets()).explore();
                    if (s.schedules() != r.schedules() || !s.outcomes().keySet().equals(r.outcomes().keySet())) line.append(s.exhausted() ? " SLEEPDIFF " : "sleep too many").append(s.schedules() + " " + s.outcomes().keySet().equals(r.outcomes().keySet()));
                    ExplorationReport q = e.withSearch(Search.plain()).explore();
                    line.append(" plain ").append(q.schedules()).append(q.exhausted() ? "" : "+");
                    if (q.exhausted() ? !q.outcomes().keySet().equals(r.outcomes().keySet()) : !r.outcomes().keySet().containsAll(q.outcomes().keySet())) line.append(" PLAINDIFF ").append(r.outcomes()).append(q.outcomes());
                    if (!broken || !right || args.length > 0) r.findings().forEach(f -> line.append("\n    ").append(args.length > 1 ? f : f.kind() + " " + f.message()));
                } catch (Throwable e) {
                    line.append(" | XXXX ").append(e);
                }
            }
            System.out.println(line);
        }
        System.out.println(all + " " + red);
    }
}
