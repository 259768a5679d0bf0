package dev.thrum.line;

/**
 * A line protocol as straight-line code: serves one client by reading and writing lines, and returns when the
 * conversation is over.
 */
@FunctionalInterface
public interface LineConversation {
    void converse(LineSession session) throws Exception;
}
