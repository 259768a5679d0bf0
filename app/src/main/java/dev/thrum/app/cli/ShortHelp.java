package dev.thrum.app.cli;

import java.util.List;
import java.util.Set;

/**
 * What the help of a command with many flags shows when not all of it is asked for.
 *
 * @param flags that most people need; none, if the help is always shown whole
 * @param notes lines that only the whole help shows, below the flags
 */
public record ShortHelp(Set<String> flags, List<String> notes) {
    static final ShortHelp NONE = new ShortHelp(Set.of(), List.of());

    public ShortHelp {
        flags = Set.copyOf(flags);
        notes = List.copyOf(notes);
    }
}
