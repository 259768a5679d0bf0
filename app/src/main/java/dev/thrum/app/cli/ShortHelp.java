package dev.thrum.app.cli;

import java.util.List;
import java.util.Set;

/**
 * The short help of a command with many flags.
 *
 * @param flags the flags that most users need; empty if the help always shows all flags
 * @param notes lines below the flags, in the full help only
 */
public record ShortHelp(Set<String> flags, List<String> notes) {
    static final ShortHelp NONE = new ShortHelp(Set.of(), List.of());

    public ShortHelp {
        flags = Set.copyOf(flags);
        notes = List.copyOf(notes);
    }
}
