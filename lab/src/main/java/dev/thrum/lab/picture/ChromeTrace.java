package dev.thrum.lab.picture;

import dev.thrum.base.JsonLine;
import dev.thrum.lab.picture.Plot.Cell;
import dev.thrum.lab.picture.Plot.Event;
import dev.thrum.lab.picture.Plot.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The trace event format of Chrome ("Trace Event Format", Google, 2016), which Perfetto reads: complete events for steps and waits,
 * a track for each lock, counters for numbers, and flow events from a write to the reads of it and from a release to the next holder.
 */
final class ChromeTrace {
    private static final int PROCESS = 1;

    /** A step in microseconds, the unit of the format. */
    private static final long STEP = 1000;

    /** Tracks of locks come after the threads. */
    private static final int FIRST_LOCK = 1000;

    private final Caption caption;
    private final Plot plot;
    private final List<JsonLine> lines = new ArrayList<>();
    private int flows;

    private ChromeTrace(Caption caption, Plot plot) {
        this.caption = caption;
        this.plot = plot;
    }

    static String of(Caption caption, Plot plot) {
        return new ChromeTrace(caption, plot).text();
    }

    private String text() {
        names();
        for (int i = 0; i < plot.events().size(); i++) {
            step(i);
        }
        for (int row = 0; row < plot.rows().size(); row++) {
            if (plot.rows().get(row).lock()) {
                holders(row);
            }
            flows(row);
        }
        return lines.stream()
                .map(JsonLine::toString)
                .collect(Collectors.joining(",\n", "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n", "\n]}\n"));
    }

    private void names() {
        lines.add(metadata("process_name", 0, caption.title()));
        for (int i = 0; i < plot.threads().size(); i++) {
            lines.add(metadata("thread_name", i + 1, plot.threads().get(i)));
        }
        for (int i = 0; i < plot.rows().size(); i++) {
            if (plot.rows().get(i).lock()) {
                lines.add(metadata(
                        "thread_name",
                        FIRST_LOCK + i,
                        "lock " + plot.rows().get(i).name()));
            }
        }
    }

    private static JsonLine metadata(String what, int track, String name) {
        return new JsonLine()
                .with("ph", "M")
                .with("name", what)
                .with("pid", PROCESS)
                .with("tid", track)
                .withObject("args", new JsonLine().with("name", name));
    }

    private JsonLine event(String phase, String name, String category, long time, int track) {
        return new JsonLine()
                .with("ph", phase)
                .with("name", name)
                .with("cat", category)
                .with("ts", time)
                .with("pid", PROCESS)
                .with("tid", track);
    }

    private void step(int index) {
        Event event = plot.events().get(index);
        int end = event.kind() == Kind.WAIT ? endOfWait(index) : index + 1;
        JsonLine arguments = new JsonLine().with("says", event.sentence());
        if (!event.place().isEmpty()) {
            arguments.with("place", event.place());
        }
        lines.add(event("X", event.label().text(), event.kind().word(), index * STEP, event.thread() + 1)
                .with("dur", (end - index) * STEP)
                .withObject("args", arguments));
        if (event.kind() == Kind.WRITE && event.row() >= 0) {
            String value = event.after().rows().get(event.row()).value();
            if (value.matches("-?\\d{1,15}")) {
                String name = plot.rows().get(event.row()).name();
                lines.add(event("C", name, "shared", index * STEP, 0)
                        .withObject("args", new JsonLine().with("value", Long.parseLong(value))));
            }
        }
    }

    /** The first event in whose course the thread of a wait can go on, or does something else; the end if it never can. */
    private int endOfWait(int wait) {
        int thread = plot.events().get(wait).thread();
        for (int i = wait + 1; i < plot.events().size(); i++) {
            Event event = plot.events().get(i);
            if (event.thread() == thread) {
                return i;
            }
            if (event.after().threads().get(thread).waits().isEmpty()) {
                return i + 1;
            }
        }
        return plot.events().size();
    }

    private void holders(int row) {
        int from = -1;
        int holder = -1;
        for (int i = 0; i <= plot.events().size(); i++) {
            int now = i == plot.events().size() ? -1 : who(i, row);
            if (now == holder && i < plot.events().size()) {
                continue;
            }
            if (holder >= 0) {
                lines.add(event("X", "held by " + plot.threads().get(holder), "lock", from * STEP, FIRST_LOCK + row)
                        .with("dur", (i - from) * STEP));
            }
            from = i;
            holder = now;
        }
    }

    private int who(int event, int row) {
        Cell cell = plot.events().get(event).after().rows().get(row);
        return cell.who();
    }

    /** Arrows from what a thread does to a row, to what another thread gets from it. */
    private void flows(int row) {
        @Nullable Integer source = null;
        for (int i = 0; i < plot.events().size(); i++) {
            Event event = plot.events().get(i);
            if (event.row() != row) {
                continue;
            }
            switch (event.kind()) {
                case WRITE, RELEASE -> source = i;
                case READ, TAKE -> {
                    if (source != null && plot.events().get(source).thread() != event.thread()) {
                        flow(plot.rows().get(row), source, i);
                    }
                }
                default -> {}
            }
        }
    }

    private void flow(Plot.Row row, int from, int to) {
        String category = row.lock() ? "hand-over" : "value";
        int number = flows++;
        // In the middle of the steps, so that they are the ones that the arrow joins.
        lines.add(event("s", row.name(), category, from * STEP + STEP / 2, thread(from))
                .with("id", number));
        lines.add(event("f", row.name(), category, to * STEP + STEP / 2, thread(to))
                .with("id", number)
                .with("bp", "e"));
    }

    private int thread(int event) {
        return plot.events().get(event).thread() + 1;
    }
}
