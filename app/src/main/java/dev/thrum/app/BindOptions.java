package dev.thrum.app;

import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.Option;

/** Where to listen: the flag that all servers share. Picocli writes the field, once. */
final class BindOptions {
    @Option(
            names = "--bind",
            order = 11,
            paramLabel = "HOST",
            description = "The address to listen on; 0.0.0.0 for all (default: ${DEFAULT-VALUE})")
    private String bind = "127.0.0.1";

    /**
     * The address.
     *
     * @throws IllegalArgumentException if none is named
     * @throws CommandException if it is not known
     */
    InetAddress host() throws CommandException {
        if (bind.isBlank()) {
            throw new IllegalArgumentException("expected --bind to name a host but it was empty; use an address such as"
                    + " 127.0.0.1 or 0.0.0.0");
        }
        String bare = bind.startsWith("[") && bind.endsWith("]") ? bind.substring(1, bind.length() - 1) : bind;
        try {
            return InetAddress.getByName(bare);
        } catch (UnknownHostException e) {
            throw new CommandException(
                    "expected --bind to name a host of this machine but \"" + bind
                            + "\" is not known; use an address such as 127.0.0.1 or 0.0.0.0",
                    e);
        }
    }
}
