package dev.thrum.app.crawl;

import dev.thrum.base.Plural;
import dev.thrum.crawl.shared.SharedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How far a crawl of several processes is, told by two looks at what they have reported. */
final class CrawlStatus {
    private static final int MOST_HOSTS = 10;

    private final Look first;
    private final Look last;

    /**
     * What was seen at one moment.
     *
     * @param processes by their names
     * @param ends of the partitions: how much was found in each
     */
    record Look(Map<String, ReportedProcess> processes, List<Long> ends, boolean hasEnded) {
        /** What the notices of a crawl say. */
        static Look of(Map<String, String> notices, long[] ends) throws IOException {
            Map<String, ReportedProcess> processes = new TreeMap<>();
            for (Map.Entry<String, String> notice : notices.entrySet()) {
                if (notice.getKey().startsWith(SharedRun.PROCESS)) {
                    processes.put(
                            notice.getKey().substring(SharedRun.PROCESS.length()),
                            ReportedProcess.parse(notice.getValue()));
                }
            }
            List<Long> all = new ArrayList<>();
            for (long end : ends) {
                all.add(end);
            }
            return new Look(processes, all, notices.containsKey(SharedRun.END));
        }
    }

    CrawlStatus(Look first, Look last) {
        this.first = first;
        this.last = last;
    }

    /** Whether a process has reported between the two looks, and goes on. */
    private boolean isAlive(ReportedProcess process) {
        ReportedProcess before = first.processes().get(process.member());
        return !process.left() && (before == null || before.seconds() != process.seconds());
    }

    private double pagesPerSecond(ReportedProcess process) {
        ReportedProcess before = first.processes().get(process.member());
        if (before == null || process.seconds() <= before.seconds()) {
            return 0;
        }
        return (process.counts().pages() - before.counts().pages()) / (process.seconds() - before.seconds());
    }

    /** The owner of each partition that has one. */
    private Map<Integer, ReportedProcess> owners() {
        Map<Integer, ReportedProcess> owners = new HashMap<>();
        last.processes().values().stream()
                .filter(this::isAlive)
                .forEach(process -> process.partitions().forEach(each -> owners.put(each.number(), process)));
        return owners;
    }

    private Optional<ReportedProcess.Partition> partition(int number, Map<Integer, ReportedProcess> owners) {
        return Optional.ofNullable(owners.get(number))
                .flatMap(owner -> owner.partitions().stream()
                        .filter(each -> each.number() == number)
                        .findFirst());
    }

    /** How many of the URLs that were found in a partition its owner has not read yet. */
    private long lag(int number, Map<Integer, ReportedProcess> owners) {
        long position = partition(number, owners)
                .map(ReportedProcess.Partition::position)
                .orElse(0L);
        return Math.max(0, last.ends().get(number) - position);
    }

    /** The lines for a terminal; the first one is about all processes. */
    List<String> lines() {
        Map<Integer, ReportedProcess> owners = owners();
        List<String> lines = new ArrayList<>();
        lines.add(sum(owners));
        if (last.processes().values().stream().anyMatch(this::isAlive)) {
            addTables(lines, owners);
        }
        List<String> stuck = stuck(owners);
        if (!stuck.isEmpty()) {
            lines.add("");
            lines.addAll(stuck);
        }
        return lines;
    }

    private void addTables(List<String> lines, Map<Integer, ReportedProcess> owners) {
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%-12s %9s %8s %7s %9s %7s %10s  %s",
                "process",
                "pages",
                "a second",
                "running",
                "waiting",
                "hosts",
                "partitions",
                "where"));
        for (ReportedProcess process : last.processes().values()) {
            if (isAlive(process)) {
                lines.add(line(process));
            }
        }
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%9s %-12s %9s %9s %7s %9s",
                "partition",
                "process",
                "known",
                "waiting",
                "running",
                "lag"));
        for (int number = 0; number < last.ends().size(); number++) {
            lines.add(line(number, owners));
        }
    }

    private String sum(Map<Integer, ReportedProcess> owners) {
        List<ReportedProcess> alive =
                last.processes().values().stream().filter(this::isAlive).toList();
        long pages = last.processes().values().stream()
                .mapToLong(each -> each.counts().pages())
                .sum();
        long lag = 0;
        for (int number = 0; number < last.ends().size(); number++) {
            lag += owners.containsKey(number) ? lag(number, owners) : 0;
        }
        return String.format(
                Locale.ROOT,
                "%s: %s, %s, %s; %,d pages, %.1f a second; %,d running, %,d waiting; lag %,d",
                last.hasEnded() ? "has ended" : alive.isEmpty() ? "no process crawls" : "goes on",
                Plural.of(alive.size(), "process", "processes"),
                Plural.of(last.ends().size(), "partition"),
                Plural.of(
                        alive.stream().mapToLong(each -> each.counts().hosts()).sum(), "host"),
                pages,
                alive.stream().mapToDouble(this::pagesPerSecond).sum(),
                alive.stream().mapToLong(each -> each.counts().running()).sum(),
                alive.stream().mapToLong(each -> each.counts().waiting()).sum(),
                lag);
    }

    private String line(ReportedProcess process) {
        return String.format(
                Locale.ROOT,
                "%-12s %,9d %8.1f %,7d %,9d %,7d %,10d  %s",
                shortened(process.member()),
                process.counts().pages(),
                pagesPerSecond(process),
                process.counts().running(),
                process.counts().waiting(),
                process.counts().hosts(),
                process.partitions().size(),
                process.machine() + ":" + process.folder());
    }

    private String line(int number, Map<Integer, ReportedProcess> owners) {
        ReportedProcess owner = owners.get(number);
        ReportedProcess.Partition partition = partition(number, owners).orElse(null);
        if (owner == null || partition == null) {
            return String.format(Locale.ROOT, "%9d %-12s", number, "-").stripTrailing();
        }
        return String.format(
                Locale.ROOT,
                "%9d %-12s %,9d %,9d %,7d %,9d",
                number,
                shortened(owner.member()),
                partition.known(),
                partition.waiting(),
                partition.running(),
                lag(number, owners));
    }

    /** What does not go on, in the words of the processes where they have some. */
    private List<String> stuck(Map<Integer, ReportedProcess> owners) {
        List<String> stuck = new ArrayList<>();
        if (last.hasEnded()) {
            return stuck;
        }
        for (ReportedProcess process : last.processes().values()) {
            if (!process.left() && !isAlive(process)) {
                stuck.add("process " + shortened(process.member()) + " on " + process.machine() + ":" + process.folder()
                        + " does not report: it has ended or hangs, and others take its partitions over");
            }
        }
        List<String> ownerless = new ArrayList<>();
        for (int number = 0; number < last.ends().size(); number++) {
            if (!owners.containsKey(number) && last.ends().get(number) > 0) {
                ownerless.add(Integer.toString(number));
            }
        }
        if (!ownerless.isEmpty()) {
            stuck.add("no process has partition " + String.join(", ", ownerless)
                    + ": that lasts some seconds after one was killed; otherwise start one");
        }
        last.processes().values().stream()
                .filter(this::isAlive)
                .flatMap(process -> process.slowest().stream())
                .limit(MOST_HOSTS)
                .forEach(stuck::add);
        return stuck;
    }

    /** Names of members are long and random; their first letters are enough. */
    private static String shortened(String member) {
        return member.length() <= 12 ? member : member.substring(0, 12);
    }
}
