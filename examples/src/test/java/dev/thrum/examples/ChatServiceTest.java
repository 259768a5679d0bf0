package dev.thrum.examples;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.services.Chat;
import java.time.Duration;

/** The service of {@code thrum serve --chat}. */
class ChatServiceTest extends ChatContract {
    @Override
    ConnectionHandler chat(int burst, Duration perLine) {
        return new Chat(burst, perLine).handler();
    }
}
