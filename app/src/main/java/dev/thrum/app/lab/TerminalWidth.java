package dev.thrum.app.lab;

import dev.thrum.app.crawl.Screen;
import java.util.Map;

/** How wide lines may be: what {@code COLUMNS} says (POSIX), or the terminal, or 100 if there is none. */
final class TerminalWidth {
    private static final int WITHOUT_TERMINAL = 100;

    private TerminalWidth() {}

    static int of(Map<String, String> environment) {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9]\\d{0,3}")
                ? Integer.parseInt(columns)
                : Screen.width().orElse(WITHOUT_TERMINAL);
    }
}
