package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final StringWriter output = new StringWriter();
    private final PrintWriter writer = new PrintWriter(output);
    private final Screen screen = new Screen(writer, writer);

    private List<String> seen(int width) {
        return new TerminalScreen(width).print(output.toString()).rows();
    }

    @Test
    void changingLines_areReplaced_andLeaveNothingBehind() {
        screen.show(List.of("one 1%", "two 2%"), 40);
        assertThat(seen(40)).containsExactly("one 1%", "two 2%");
        screen.show(List.of("one 50%"), 40);
        assertThat(seen(40)).containsExactly("one 50%");
        screen.show(List.of("two 9%", "three 1%", "all"), 40);
        screen.flush();
        assertThat(seen(40)).isEmpty();
    }

    @Test
    void otherLines_areAboveTheChangingOnes_andStay() {
        screen.show(List.of("bar 1", "bar 2"), 40);
        screen.out("saved a");
        screen.err("failed b");
        assertThat(seen(40)).containsExactly("saved a", "failed b", "bar 1", "bar 2");
        screen.show(List.of("bar 2"), 40);
        screen.out("saved c");
        screen.flush();
        assertThat(seen(40)).containsExactly("saved a", "failed b", "saved c");
    }

    @Test
    void linesThatANarrowerTerminalHasWrapped_areRemoved() {
        screen.out("saved a");
        screen.show(List.of("x".repeat(30), "y".repeat(10)), 40);
        // The terminal has wrapped them: 30 columns are 3 rows of 12, 10 columns are one.
        String wrapped = output.toString();
        TerminalScreen narrow = new TerminalScreen(12).print(wrapped);
        assertThat(narrow.rows()).hasSize(5);
        screen.show(List.of("z"), 12);
        narrow.print(output.toString().substring(wrapped.length()));
        assertThat(narrow.rows()).containsExactly("saved a", "z");
    }

    @Test
    void withoutATerminal_thereAreNoControlSequences() {
        screen.out("saved a");
        screen.err("failed b");
        screen.flush();
        assertThat(output).hasToString("saved a" + System.lineSeparator() + "failed b" + System.lineSeparator());
    }
}
