package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Cell;
import dev.thrum.lab.picture.Plot.Event;
import dev.thrum.lab.picture.Plot.Hand;
import dev.thrum.lab.picture.Plot.Kind;
import dev.thrum.lab.picture.Plot.Label;
import dev.thrum.lab.picture.Plot.Row;
import dev.thrum.lab.picture.Plot.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * Makes a plot of threads that are found waiting for ever. In which order they came there is not known, but each lock was taken
 * before its holder began to wait: so first all locks are taken, then all waits begin.
 */
final class StuckThreads {
    private final List<Stuck> stuck;
    private final Listing source;
    private final List<String> threads = new ArrayList<>();
    private final SequencedMap<String, Cell> locks = new LinkedHashMap<>();
    private final Map<Integer, String> waits = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();

    private StuckThreads(List<Stuck> stuck, Caption caption) {
        this.stuck = stuck;
        this.source = caption.source();
        stuck.forEach(one -> threads.add(one.thread()));
        for (Stuck one : stuck) {
            locks.put(one.lock(), new Cell("", -1));
            if (!one.holder().isEmpty() && !threads.contains(one.holder())) {
                threads.add(one.holder());
            }
        }
    }

    static Plot plot(List<Stuck> stuck, Caption caption) {
        if (stuck.isEmpty()) {
            throw new IllegalArgumentException("expected at least one thread that waits but there is none");
        }
        return new StuckThreads(stuck, caption).plot();
    }

    private Plot plot() {
        List<String> names = List.copyOf(locks.keySet());
        List<Row> rows = stuck.stream()
                .collect(Collectors.groupingBy(Stuck::lock, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(List::getFirst)
                .map(one -> new Row(one.lock(), !one.holder().isEmpty(), ""))
                .toList();
        stuck.stream().filter(one -> !one.holder().isEmpty()).forEach(one -> {
            int holder = threads.indexOf(one.holder());
            Cell held = new Cell("", holder);
            if (!held.equals(locks.put(one.lock(), held))) {
                String sentence = one.holder() + " has " + one.lock() + ".";
                add(Kind.TAKE, holder, names.indexOf(one.lock()), "", new Label("has", one.lock()), sentence);
            }
        });
        for (Stuck one : stuck) {
            int thread = threads.indexOf(one.thread());
            waits.put(thread, "waits for " + one.lock());
            String place = one.line() == 0 ? "" : source.file() + ":" + one.line();
            Label label = new Label("waits for", one.lock());
            add(Kind.WAIT, thread, names.indexOf(one.lock()), place, label, words(one) + ".");
        }
        List<Ring.Link> ring = ring();
        Event last = events.removeLast();
        events.add((ring.isEmpty() ? last : last.withSentence(last.sentence() + " Nobody can ever go on.")).asBad());
        String sentence = (ring.isEmpty() ? "A wait that never ends: " : "Deadlock: ")
                + stuck.stream().map(StuckThreads::words).collect(Collectors.joining("; ")) + ".";
        Verdict verdict = new Verdict(sentence, "stuck", -1, List.copyOf(waits.keySet()));
        return new Plot(threads, rows, events, verdict, ring);
    }

    private static String words(Stuck one) {
        String wait = one.thread() + " waits for " + one.lock();
        if (one.holder().isEmpty()) {
            return wait + ", which never comes";
        }
        return wait + ", which " + (one.holder().equals(one.thread()) ? "it holds itself" : one.holder() + " holds");
    }

    private void add(Kind kind, int thread, int row, String place, Label label, String sentence) {
        List<Hand> hands = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            hands.add(new Hand("", false, waits.getOrDefault(i, "")));
        }
        Plot.State after = new Plot.State(List.copyOf(locks.values()), hands);
        events.add(new Event(kind, thread, row, -1, place, label, sentence, Plot.DECISIVE, false, after));
    }

    private List<Ring.Link> ring() {
        Map<String, Stuck> waiting = new LinkedHashMap<>();
        Map<String, String> holders = new LinkedHashMap<>();
        for (Stuck one : stuck) {
            waiting.putIfAbsent(one.thread(), one);
            holders.putIfAbsent(one.thread(), one.holder());
        }
        return Cycles.of(holders).stream()
                .map(thread -> waiting.get(thread))
                .map(one -> new Ring.Link(one.thread(), one.lock(), one.holder(), true))
                .toList();
    }
}
