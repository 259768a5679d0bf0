package dev.thrum.engine;

import java.io.IOException;

/** Thrown when an {@link AddressRule} refuses the address that would be connected to. No connection was tried. */
public final class AddressRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    AddressRefusedException(String message) {
        super(message);
    }
}
