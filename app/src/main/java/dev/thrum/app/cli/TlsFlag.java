package dev.thrum.app.cli;

import java.util.List;

/**
 * The flag {@code --tls} of a command that has one connection or one service to encrypt. In variables and in the configuration
 * file, {@code thrum serve} has a list of services under the same name, which means nothing to such a command.
 */
public final class TlsFlag {
    /** The services that {@code thrum serve} can encrypt, in the order in which its help names them. */
    public static final List<String> SERVICES = List.of("console", "echo", "greeter", "web", "chat", "admin");

    private TlsFlag() {}

    /** Adds it to these flags. */
    public static Flag<Boolean> in(Flags flags, String text) {
        return flags.on("--tls", text, TlsFlag::isForServe);
    }

    private static boolean isForServe(String value) {
        return List.of(value.split(",", -1)).stream().map(String::strip).allMatch(SERVICES::contains);
    }
}
