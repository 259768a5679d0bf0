package dev.thrum.app.count;

import dev.thrum.base.JsonLine;
import dev.thrum.base.Printable;
import java.io.PrintWriter;

/**
 * The output: a line for each file and one for their sum.
 *
 * <p>Owned by the thread that runs the command.
 *
 * @param width the width of a column of numbers
 */
record CountTable(PrintWriter out, PrintWriter err, boolean json, int width) {
    void file(String name, Counts counts) {
        if (json) {
            out.println(members(new JsonLine().with("name", name), counts));
        } else {
            line(counts, Printable.of(name));
        }
    }

    void failure(String name, String reason) {
        err.println("thrum count: " + Printable.of(reason));
        err.flush();
        if (json) {
            out.println(new JsonLine().with("name", name).with("error", reason));
        }
    }

    void total(int files, Counts counts) {
        if (json) {
            out.println(members(new JsonLine().with("files", files), counts));
        } else {
            line(counts, "total");
        }
    }

    private static JsonLine members(JsonLine line, Counts counts) {
        return line.with("lines", counts.lines())
                .with("words", counts.words())
                .with("characters", counts.characters())
                .with("bytes", counts.bytes());
    }

    private void line(Counts counts, String name) {
        StringBuilder line = new StringBuilder();
        column(line, counts.lines());
        column(line, counts.words());
        column(line, counts.characters());
        column(line, counts.bytes());
        out.println(line.append(name));
    }

    private void column(StringBuilder line, long number) {
        String digits = Long.toString(number);
        line.repeat(' ', Math.max(0, width - digits.length())).append(digits).append(' ');
    }
}
