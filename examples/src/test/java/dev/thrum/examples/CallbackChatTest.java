package dev.thrum.examples;

import dev.thrum.engine.ConnectionHandler;
import java.time.Duration;

/** The example in callbacks. */
class CallbackChatTest extends ChatContract {
    @Override
    ConnectionHandler chat(int burst, Duration perLine) {
        return new CallbackChat(CallbackChat.Bounds.defaults().withPace(burst, perLine)).handler();
    }
}
