package dev.thrum.app.crawl;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The screen of a terminal that understands what progress needs: line ends, "up" and "clear below"; it wraps long lines. */
final class TerminalScreen {
    private final List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    private final int width;
    private int row;
    private int column;

    TerminalScreen(int width) {
        this.width = width;
    }

    /** Interprets output; fails if there is a control sequence that it does not know. */
    TerminalScreen print(String output) {
        for (int i = 0; i < output.length(); i++) {
            char c = output.charAt(i);
            switch (c) {
                case '\n' -> down();
                case '\r' -> column = 0;
                case '\033' -> {
                    control(output.substring(i, Math.min(output.length(), i + 3)));
                    i += 2;
                }
                default -> put(c);
            }
        }
        return this;
    }

    private void control(String sequence) {
        switch (sequence) {
            case "\033[A" -> row = Math.max(0, row - 1);
            case "\033[J" -> {
                rows.subList(row + 1, rows.size()).clear();
                rows.get(row).setLength(Math.min(column, rows.get(row).length()));
            }
            default -> throw new AssertionError("expected no other control sequence but was " + sequence.substring(1));
        }
    }

    private void put(char c) {
        if (c < ' ') {
            throw new AssertionError("expected no other control character but was " + (int) c);
        }
        if (column == width) {
            down();
        }
        StringBuilder text = rows.get(row);
        while (text.length() <= column) {
            text.append(' ');
        }
        text.setCharAt(column, c);
        column++;
    }

    private void down() {
        row++;
        column = 0;
        if (row == rows.size()) {
            rows.add(new StringBuilder());
        }
    }

    /** The rows that aren't blank. */
    List<String> rows() {
        return rows.stream()
                .map(text -> text.toString().stripTrailing())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toList());
    }
}
