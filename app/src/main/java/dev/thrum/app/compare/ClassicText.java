package dev.thrum.app.compare;

import dev.thrum.base.JsonLine;
import dev.thrum.measure.compare.ClassicTable;
import dev.thrum.measure.compare.ClassicTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The classic table alone, for people and programs.
 *
 * @param table the table
 */
record ClassicText(ClassicTable table) {
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(table.sentence());
        lines.add("");
        lines.add("Five tasks that wait "
                + table.taskSeconds().stream()
                        .map(seconds -> String.format(Locale.ROOT, "%.2f", seconds))
                        .collect(Collectors.joining(", "))
                + " s for a server:");
        double slowest = table.rows().stream().mapToDouble(Row::mean).max().orElse(0);
        for (Row row : table.rows()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-40s %8.2f s  %5.2f times as fast as the slowest",
                    row.way().title(),
                    row.mean(),
                    slowest / row.mean()));
        }
        return List.copyOf(lines);
    }

    String json() {
        return new JsonLine()
                .with("why", table.sentence())
                .with("scale", table.scale())
                .withObjects(
                        "ways",
                        table.rows().stream()
                                .map(row -> new JsonLine()
                                        .with("way", row.way().toString())
                                        .with("seconds", row.mean()))
                                .toList())
                .toString();
    }
}
