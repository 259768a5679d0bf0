package dev.thrum.measure.report;

import dev.thrum.base.Printable;
import java.util.ArrayList;
import java.util.List;

/** Reports for the terminal. */
final class TextForm {
    private static final String GAP = "  ";
    private static final int WIDTH = 100;

    private TextForm() {}

    static List<String> lines(Summary summary, List<Section> sections) {
        List<String> lines = new ArrayList<>();
        lines.add(summary.headline());
        summary.evidence().forEach(line -> wrap(lines, "* ", line));
        summary.reasons().forEach(line -> wrap(lines, "* ", "Why: " + line));
        summary.notes().forEach(line -> wrap(lines, "", line));
        lines.add("");
        wrap(lines, "", summary.subject());
        for (Section section : sections) {
            if (section.length() == Section.Length.SHORT) {
                lines.add("");
                lines.add(section.title());
                section.blocks().forEach(block -> add(lines, block));
            }
        }
        return lines.stream().map(Printable::of).toList();
    }

    private static void add(List<String> lines, Block block) {
        switch (block) {
            case Block.Paragraph paragraph -> wrap(lines, GAP, paragraph.text());
            case Block.Items items -> items.items().forEach(item -> wrap(lines, GAP + "* ", item));
            case Block.Table table -> add(lines, table);
            case Block.Verdicts verdicts -> add(lines, VerdictRows.table(verdicts.verdicts()));
            case Block.Pictures _ -> {}
        }
    }

    /** Adds a text in lines that are no longer than most terminals are wide, unless a word is. */
    private static void wrap(List<String> lines, String begin, String text) {
        StringBuilder line = new StringBuilder(begin);
        for (String word : text.split(" ", -1)) {
            if (line.length() > begin.length() && line.length() + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                line.repeat(' ', begin.length());
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
    }

    private static void add(List<String> lines, Block.Table table) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(table.head());
        rows.addAll(table.rows());
        int columns = table.head().size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(GAP).append(row.get(i));
                if (i + 1 < columns) {
                    line.repeat(' ', widths[i] - row.get(i).length());
                }
            }
            lines.add(line.toString());
        }
    }
}
