package dev.thrum.line;

/** What happens with one client, straight-line style: reads lines, writes lines, returns when it is over. */
@FunctionalInterface
public interface LineConversation {
    void converse(LineSession session) throws Exception;
}
