package dev.thrum.app;

import dev.thrum.base.Printable;
import dev.thrum.store.User;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A table of users, whose columns are as wide as the widest cell of those added together. Owned by one thread. */
final class UserTable {
    private static final List<String> HEADINGS = List.of("id", "name", "email", "created_at");

    private final Consumer<String> out;
    private boolean begun;

    UserTable(Consumer<String> out) {
        this.out = out;
    }

    /** Prints more users; the first call also prints the headings. */
    void add(List<User> users) {
        List<List<String>> rows = Stream.concat(
                        begun ? Stream.of() : Stream.of(HEADINGS),
                        users.stream().map(UserTable::cells))
                .toList();
        begun = true;
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            out.accept(line(row, widths));
        }
    }

    private static List<String> cells(User user) {
        return Stream.of(
                        Long.toString(user.id()),
                        user.name(),
                        user.email(),
                        user.createdAt().toString())
                .map(UserTable::plain)
                .toList();
    }

    /** A tab would misalign the columns. */
    private static String plain(String text) {
        return Printable.of(text).replace("\t", "\\t");
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length - 1; i++) {
            line.append(String.format(Locale.ROOT, "%-" + widths[i] + "s  ", cells.get(i)));
        }
        return line.append(cells.getLast()).toString();
    }
}
