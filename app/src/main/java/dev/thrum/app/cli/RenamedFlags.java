package dev.thrum.app.cli;

import java.util.Map;
import java.util.Optional;

/** Flags that had another name in earlier versions. The old name gives an error that names the new one. */
final class RenamedFlags {
    private static final Map<String, String> NEW_NAMES = Map.of(
            "--log", "--access-log",
            "--log-format", "--access-log-format",
            "--log-when-full", "--access-log-when-full",
            "--log-queue", "--access-log-queue",
            "--log-rotate", "--access-log-rotate",
            "--log-keep", "--access-log-keep",
            "--idle-when-crowded", "--idle-under-load",
            "--udp-answers", "--udp-replies");

    private RenamedFlags() {}

    /** The new name of a flag that had this name. */
    static Optional<String> newName(String flag) {
        return Optional.ofNullable(NEW_NAMES.get(flag));
    }

    /** The old name of a flag that has this name now. */
    static Optional<String> oldName(String flag) {
        return NEW_NAMES.entrySet().stream()
                .filter(renamed -> renamed.getValue().equals(flag))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
