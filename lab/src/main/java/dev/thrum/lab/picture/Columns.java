package dev.thrum.lab.picture;

import dev.thrum.base.Printable;
import dev.thrum.lab.picture.Plot.Cell;
import dev.thrum.lab.picture.Plot.Event;
import dev.thrum.lab.picture.Plot.Hand;
import dev.thrum.lab.picture.Plot.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The picture for a terminal: a column for each thread, time downwards, and at the right what has changed of what they share. A colon
 * in a column is a thread that waits.
 */
final class Columns {
    /** The numbers of the step and of the line. */
    private static final int NUMBERS = 12;

    /** A thread's column is at least so wide, with the blank after it. */
    private static final int LEAST = 18;

    /** The column of what they share; left out if there is no room. */
    private static final int SHARED = 20;

    private final Caption caption;
    private final Plot plot;
    private final int width;
    private final int column;
    private final boolean hasShared;
    private final StringBuilder text = new StringBuilder();

    Columns(Caption caption, Plot plot, int width) {
        this.caption = caption;
        this.plot = plot;
        this.width = width;
        int threads = Math.max(1, plot.threads().size());
        this.hasShared = !plot.rows().isEmpty() && width >= NUMBERS + threads * LEAST + SHARED;
        this.column = (width - NUMBERS - (hasShared ? SHARED : 0)) / threads;
    }

    String text() {
        if (column < LEAST) {
            list();
        } else {
            header();
            int before = 0;
            for (int i : Folds.shown(plot.events())) {
                fold(before, i);
                row(i);
                before = i + 1;
            }
            fold(before, plot.events().size());
        }
        text.append('\n');
        wrap(plot.verdict().sentence(), width).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private void header() {
        List<String> cells = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (String name : plot.threads()) {
            String shown = Escapes.cut(Printable.of(name), column - 1);
            cells.add(shown);
            rules.add("-".repeat(column - 1));
        }
        line("step  line", cells, "shared");
        line("----  ----", rules, "-".repeat(SHARED));
    }

    private void fold(int from, int to) {
        if (from == to) {
            return;
        }
        line("...", cells(counts(from, to)), "");
    }

    private List<String> cells(List<Long> counts) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            cells.add(
                    counts.get(i) == 0
                            ? ""
                            : counts.get(i) + " more of " + plot.threads().get(i));
        }
        return cells;
    }

    private List<Long> counts(int from, int to) {
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < plot.threads().size(); i++) {
            int thread = i;
            counts.add(plot.events().subList(from, to).stream()
                    .filter(event -> event.thread() == thread)
                    .count());
        }
        return counts;
    }

    private void row(int index) {
        Event event = plot.events().get(index);
        List<Hand> before = plot.before(index).threads();
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < plot.threads().size(); i++) {
            Hand hand = event.after().threads().get(i);
            if (i == event.thread()) {
                cells.add((event.bad() ? "! " : "") + event.label().text());
            } else if (!hand.waits().isEmpty()) {
                cells.add(":");
            } else if (hand.stale() && !before.get(i).stale()) {
                cells.add("(" + hand.copy() + ": out of date)");
            } else {
                cells.add("");
            }
        }
        int line = caption.source().line(event.place());
        line("%4d  %4s".formatted(index + 1, line == 0 ? "" : line), cells, shared(event));
    }

    /** The row that an event has changed, and its value or holder. */
    private String shared(Event event) {
        if (event.row() < 0 || event.kind() == Kind.READ || event.kind() == Kind.WAIT || event.kind() == Kind.OTHER) {
            return "";
        }
        Plot.Row row = plot.rows().get(event.row());
        Cell cell = event.after().rows().get(event.row());
        if (!row.lock()) {
            return row.name() + " = " + cell.value();
        }
        return row.name() + (cell.who() < 0 ? ": free" : ": " + plot.threads().get(cell.who()));
    }

    /** One line of the table, or more if a cell needs them. */
    private void line(String numbers, List<String> cells, String shared) {
        List<List<String>> wrapped =
                cells.stream().map(cell -> wrap(cell, column - 1)).collect(Collectors.toCollection(ArrayList::new));
        if (hasShared) {
            wrapped.add(wrap(Escapes.cut(shared, SHARED), SHARED));
        }
        int lines = wrapped.stream().mapToInt(List::size).max().orElse(1);
        for (int i = 0; i < lines; i++) {
            StringBuilder line = new StringBuilder("%-12s".formatted(i == 0 ? numbers : ""));
            for (int cell = 0; cell < wrapped.size(); cell++) {
                List<String> parts = wrapped.get(cell);
                // A thread that waits is marked on each line.
                String part = i < parts.size() ? parts.get(i) : parts.getFirst().equals(":") ? ":" : "";
                line.append(part).append(" ".repeat(Math.max(0, column - part.length())));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }

    /** A text in lines of at most this length, broken at blanks where there are some. */
    private static List<String> wrap(String text, int most) {
        List<String> lines = new ArrayList<>();
        String rest = Printable.of(text);
        while (rest.length() > most) {
            int blank = rest.lastIndexOf(' ', most);
            int end = blank <= 0 ? most : blank;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }

    /** For a terminal that is too narrow for columns. */
    private void list() {
        int needed = NUMBERS + plot.threads().size() * LEAST;
        item("(expected a terminal at least %d columns wide for %d threads but it has %d: here are the steps as a list)"
                .formatted(needed, plot.threads().size(), width));
        int before = 0;
        for (int i : Folds.shown(plot.events())) {
            folded(before, i);
            before = i + 1;
            Event event = plot.events().get(i);
            int line = caption.source().line(event.place());
            item(i + 1 + ". " + (line == 0 ? "" : "line " + line + ": ") + event.sentence());
        }
        folded(before, plot.events().size());
    }

    private void folded(int from, int to) {
        if (from < to) {
            String counts = cells(counts(from, to)).stream()
                    .filter(cell -> !cell.isEmpty())
                    .collect(Collectors.joining(", "));
            item("... " + counts);
        }
    }

    private void item(String sentence) {
        wrap(sentence, Math.max(LEAST, width)).forEach(line -> text.append(line).append('\n'));
    }
}
