package dev.thrum.app.compare;

import dev.thrum.app.crawl.Screen;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/** What is done now, in one line that changes on a terminal; elsewhere a line for each part, on the standard error. */
final class LiveText {
    private static final int COLUMNS = 100;

    private final Screen screen;
    private final boolean isTerminal =
            Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();

    /** What was shown last, up to the colon. Owned by the thread of the command. */
    private String part = "";

    LiveText(PrintWriter out, PrintWriter err) {
        screen = new Screen(out, err);
    }

    void show(String what) {
        if (isTerminal) {
            screen.show(List.of(what.substring(0, Math.min(what.length(), COLUMNS))), COLUMNS);
            return;
        }
        int colon = what.indexOf(':');
        String now = colon < 0 ? what : what.substring(0, colon);
        if (!now.equals(part)) {
            part = now;
            screen.err(now);
        }
    }

    /** A line that stays. */
    void note(String line) {
        screen.err(line);
    }

    /** Removes the line that changes. */
    void end() {
        screen.flush();
    }
}
