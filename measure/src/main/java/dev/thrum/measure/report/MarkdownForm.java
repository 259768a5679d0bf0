package dev.thrum.measure.report;

import java.util.List;

/** Reports as Markdown (GitHub's tables). */
final class MarkdownForm {
    private MarkdownForm() {}

    static String of(Summary summary, List<Section> sections) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(escaped(summary.headline())).append("\n\n");
        summary.evidence().forEach(line -> item(text, line));
        summary.reasons().forEach(line -> item(text, "Why: " + line));
        summary.notes().forEach(line -> item(text, line));
        text.append('\n').append(escaped(summary.subject())).append('\n');
        for (Section section : sections) {
            text.append("\n## ").append(section.title()).append("\n\n");
            section.blocks().forEach(block -> add(text, block));
        }
        return text.toString();
    }

    private static void item(StringBuilder text, String line) {
        text.append("* ").append(escaped(line)).append('\n');
    }

    private static void add(StringBuilder text, Block block) {
        switch (block) {
            case Block.Paragraph paragraph ->
                text.append(escaped(paragraph.text())).append("\n\n");
            case Block.Items items -> {
                items.items().forEach(line -> item(text, line));
                text.append('\n');
            }
            case Block.Table table -> add(text, table);
            case Block.Verdicts verdicts -> add(text, VerdictRows.table(verdicts.verdicts()));
            case Block.Pictures _ -> {}
        }
    }

    private static void add(StringBuilder text, Block.Table table) {
        row(text, table.head());
        text.append("|---".repeat(table.head().size())).append("|\n");
        table.rows().forEach(row -> row(text, row));
        text.append('\n');
    }

    private static void row(StringBuilder text, List<String> cells) {
        cells.forEach(cell -> text.append("| ").append(escaped(cell)).append(' '));
        text.append("|\n");
    }

    /** Text without characters that mean something, in one line. */
    private static String escaped(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }
}
