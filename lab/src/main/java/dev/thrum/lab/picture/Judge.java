package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Cell;
import dev.thrum.lab.picture.Plot.Event;
import dev.thrum.lab.picture.Plot.Kind;
import dev.thrum.lab.picture.Plot.Verdict;
import dev.thrum.simulation.explore.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says what a finding comes to, and which of its events matter most. */
final class Judge {
    /** Messages of failed expectations: of this project, of JUnit, of AssertJ. */
    private static final Pattern EXPECTED =
            Pattern.compile(".*?expected:? (?:(\\S+) to be )?<?(.+?)>? but (?:it |\\S+ )?(?:was|is):? <?(.+?)>?");

    /** A longer value is not repeated next to the row. */
    private static final int LONGEST_VALUE = 16;

    /** The last events of a livelock that are shown. */
    private static final int ROUNDS = 8;

    private final Finding finding;
    private final List<String> threads;
    private final SharedThings things;
    private final List<Event> events;
    private final Sentences say;

    Judge(Finding finding, List<String> threads, SharedThings things, List<Event> events) {
        this.finding = finding;
        this.threads = threads;
        this.things = things;
        this.events = events;
        this.say = new Sentences(threads, things);
    }

    static Plot ofNothing(List<String> threads, SharedThings things, List<Event> events) {
        Verdict verdict = new Verdict("Nothing goes wrong in this schedule.", "", -1, List.of());
        return new Plot(threads, things.rows(), events, verdict, List.of());
    }

    /** The plot, given the waits that never ended. */
    Plot plot(SortedMap<Integer, Finding.Wait> waits) {
        boolean stuck = switch (finding.kind()) {
            case DEADLOCK, MISSED_WAKE_UP, OUTLIVES -> true;
            case INVARIANT, EXCEPTION, LIVELOCK -> false;
        };
        List<Integer> cycle = stuck ? Cycles.of(holders(waits)) : List.of();
        Verdict verdict = verdict(waits, cycle);
        weighOverwriting();
        weighWaits(waits);
        markDecisive(verdict, cycle);
        weighNeighbours();
        List<Ring.Link> ring = cycle.stream()
                .map(thread -> waits.get(thread))
                .map(wait -> new Ring.Link(
                        threads.get(wait.thread()),
                        Sentences.isForEnd(wait) ? "end of " + threads.get(wait.holder()) : things.name(wait.object()),
                        threads.get(wait.holder()),
                        !Sentences.isForEnd(wait)))
                .toList();
        return new Plot(threads, things.rows(), events, verdict, ring);
    }

    /** The thread that each thread waits for; -1 if it waits for none. */
    private static SortedMap<Integer, Integer> holders(SortedMap<Integer, Finding.Wait> waits) {
        SortedMap<Integer, Integer> holders = new TreeMap<>();
        waits.forEach((thread, wait) -> holders.put(thread, wait.holder()));
        return holders;
    }

    /** Marks the event that decides, unless one that overwrites something is marked already. */
    private void markDecisive(Verdict verdict, List<Integer> cycle) {
        if (events.isEmpty()) {
            return;
        }
        int decisive = events.size() - 1;
        raise(decisive, Plot.DECISIVE);
        if (finding.kind() == Finding.Kind.INVARIANT) {
            if (events.stream().anyMatch(Event::bad)) {
                return;
            }
            for (int i = 0; i < events.size(); i++) {
                Event event = events.get(i);
                decisive =
                        verdict.row() >= 0 && event.row() == verdict.row() && event.kind() == Kind.WRITE ? i : decisive;
            }
        }
        Event event = events.get(decisive);
        boolean all = event.kind() == Kind.WAIT && !cycle.isEmpty();
        Event told = all ? event.withSentence(event.sentence() + " Nobody can ever go on.") : event;
        events.set(decisive, told.withWeight(Plot.DECISIVE).asBad());
    }

    private void raise(int index, int weight) {
        Event event = events.get(index);
        if (event.weight() < weight) {
            events.set(index, event.withWeight(weight));
        }
    }

    /** The read that got out of date, the write that made it so, the write that used it nevertheless. */
    private void weighOverwriting() {
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (!event.bad() || event.kind() != Kind.WRITE) {
                continue;
            }
            raise(i, Plot.DECISIVE);
            int first = -1;
            int latest = -1;
            for (int before = i - 1; before >= 0; before--) {
                Event earlier = events.get(before);
                if (earlier.row() == event.row() && earlier.thread() == event.thread() && earlier.kind() == Kind.READ) {
                    raise(before, Plot.DECISIVE);
                    break;
                }
                if (earlier.row() == event.row() && earlier.kind() == Kind.WRITE) {
                    latest = Math.max(latest, before);
                    first = before;
                }
            }
            if (first >= 0) {
                raise(first, Plot.DECISIVE);
                raise(latest, Plot.DECISIVE);
            }
        }
    }

    /** The waits that never end, the locks that they wait for, and the signals that came too early. */
    private void weighWaits(SortedMap<Integer, Finding.Wait> waits) {
        Set<Integer> seen = new HashSet<>();
        Set<Integer> wanted = new HashSet<>();
        waits.values().forEach(wait -> wanted.add(things.row(wait.object())));
        wanted.remove(-1);
        for (int i = events.size() - 1; i >= 0; i--) {
            Event event = events.get(i);
            if (event.kind() == Kind.WAIT && waits.containsKey(event.thread()) && seen.add(event.thread())) {
                raise(i, Plot.DECISIVE);
            } else if (event.kind() == Kind.TAKE && wanted.remove(event.row())) {
                raise(i, Plot.DECISIVE);
            } else if (event.kind() == Kind.SIGNAL && !waits.isEmpty()) {
                raise(i, Plot.NEAR);
            }
        }
    }

    /** What stands next to something that matters, and the last rounds of threads that go on for ever. */
    private void weighNeighbours() {
        int all = events.size();
        int rounds = finding.kind() == Finding.Kind.LIVELOCK ? ROUNDS : 0;
        for (int i = 0; i < all; i++) {
            boolean near = (i > 0 && events.get(i - 1).weight() == Plot.DECISIVE)
                    || (i + 1 < all && events.get(i + 1).weight() == Plot.DECISIVE);
            if (near || i >= all - rounds) {
                raise(i, Plot.NEAR);
            }
        }
    }

    private Verdict verdict(Map<Integer, Finding.Wait> waits, List<Integer> cycle) {
        return switch (finding.kind()) {
            case INVARIANT -> broken();
            case EXCEPTION -> thrown();
            case DEADLOCK, MISSED_WAKE_UP, OUTLIVES -> stuck(waits, cycle);
            case LIVELOCK -> {
                List<Integer> busy = events.stream()
                        .skip(Math.max(0, events.size() - ROUNDS))
                        .map(Event::thread)
                        .distinct()
                        .sorted()
                        .toList();
                yield new Verdict(
                        "Livelock: " + names(busy) + (busy.size() == 1 ? " goes" : " go") + " on for ever and "
                                + (busy.size() == 1 ? "gets" : "get") + " nowhere.",
                        "no progress",
                        -1,
                        busy);
            }
        };
    }

    private String names(List<Integer> some) {
        return some.stream().map(threads::get).collect(Collectors.joining(" and "));
    }

    private Verdict stuck(Map<Integer, Finding.Wait> waits, List<Integer> cycle) {
        String start = switch (finding.kind()) {
            case DEADLOCK -> "Deadlock: ";
            case OUTLIVES -> "A thread outlives the others: ";
            default -> "A wait that never ends: ";
        };
        List<Finding.Wait> order = new ArrayList<>(waits.values());
        // Those in a ring in the order of the ring, and first.
        order.sort(Comparator.comparingInt(
                wait -> cycle.contains(wait.thread()) ? cycle.indexOf(wait.thread()) : cycle.size()));
        String who = order.stream().map(say::stuck).collect(Collectors.joining("; "));
        return new Verdict(start + who + ".", "stuck", -1, List.copyOf(waits.keySet()));
    }

    /** The message of what was thrown, in one line, without the name of its class. */
    private String reason() {
        String line = finding.message().replaceAll("\\s+", " ");
        return line.replaceFirst("^.*?(?: fails: | throws )[\\w.$]+(?:: |$)", "")
                .strip();
    }

    private Verdict broken() {
        String reason = reason();
        Matcher matcher = EXPECTED.matcher(reason);
        List<Cell> cells =
                events.isEmpty() ? List.of() : events.getLast().after().rows();
        String bad = events.stream()
                .filter(Event::bad)
                .map(event -> " " + event.sentence())
                .reduce("", (_, last) -> last);
        // "expected count to be 2 but was 0", or "expected: <2> but was: <0>"; but no sentence without a name.
        boolean isValue = matcher.matches()
                && (matcher.group(1) != null || !matcher.group(2).contains(" "));
        if (!isValue) {
            String text = reason.isEmpty() ? finding.message() : reason;
            String start = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
            List<Integer> last =
                    events.isEmpty() ? List.of() : List.of(events.getLast().thread());
            return new Verdict(start + "." + bad, "wrong", -1, last);
        }
        int row = matcher.group(1) != null ? rowOf(matcher.group(1)) : rowWith(matcher.group(3), cells);
        String name = matcher.group(1) != null
                ? matcher.group(1)
                : row < 0 ? "it" : things.rows().get(row).name();
        String should = matcher.group(2);
        String word = should.length() <= LONGEST_VALUE ? "should be " + should : "wrong";
        return new Verdict(
                name + " is " + matcher.group(3) + " but should be " + should + "." + bad,
                row < 0 ? name + " " + word : word,
                row,
                List.of());
    }

    private int rowOf(String name) {
        for (int i = 0; i < things.rows().size(); i++) {
            if (things.rows().get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The row that was written last of those that have a value; if none has it, of all. */
    private int rowWith(String value, List<Cell> cells) {
        int withValue = -1;
        int last = -1;
        for (Event event : events) {
            if (event.kind() == Kind.WRITE && event.row() >= 0) {
                last = event.row();
                withValue = cells.get(last).value().equals(value) ? last : withValue;
            }
        }
        return withValue >= 0 ? withValue : last;
    }

    private Verdict thrown() {
        String line = finding.message().replaceAll("\\s+", " ");
        int thread = finding.steps().stream()
                .filter(step -> line.startsWith(step.name() + " "))
                .map(Finding.Step::thread)
                .findFirst()
                .orElse(-1);
        String type = line.replaceFirst("^.*? throws ([\\w.$]+).*$", "$1");
        String simple = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
        String reason = reason();
        String who = thread < 0 ? "A thread" : threads.get(thread);
        return new Verdict(
                who + " throws " + simple + (reason.isEmpty() ? "." : ": " + reason + "."),
                "fails",
                -1,
                thread < 0 ? List.of() : List.of(thread));
    }
}
