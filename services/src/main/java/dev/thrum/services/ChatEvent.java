package dev.thrum.services;

/**
 * What a client does that others may notice, as a line of text: the client's key, a word, and the rest. All values have been
 * checked, and {@link dev.thrum.base.Printable} keeps texts in one line.
 */
sealed interface ChatEvent {
    /** Distinguishes the clients of one server. */
    long key();

    record Enter(long key) implements ChatEvent {}

    record Rename(long key, String name) implements ChatEvent {}

    record Join(long key, String room) implements ChatEvent {}

    record Leave(long key) implements ChatEvent {}

    /**
     * Its conversation has ended.
     *
     * @param how what the others in its room are told
     */
    record Exit(long key, String how) implements ChatEvent {}

    record Say(long key, String text) implements ChatEvent {}

    record Tell(long key, String name, String text) implements ChatEvent {}

    /** As {@link #of} reads it. */
    default String line() {
        return key()
                + switch (this) {
                    case Enter _ -> " enter ";
                    case Rename event -> " rename " + event.name();
                    case Join event -> " join " + event.room();
                    case Leave _ -> " leave ";
                    case Exit event -> " exit " + event.how();
                    case Say event -> " say " + event.text();
                    case Tell event -> " tell " + event.name() + " " + event.text();
                };
    }

    /** Reads a line. */
    static ChatEvent of(String line) {
        String[] words = line.split(" ", 3);
        long key = Long.parseLong(words[0]);
        String rest = words[2];
        return switch (words[1]) {
            case "enter" -> new Enter(key);
            case "rename" -> new Rename(key, rest);
            case "join" -> new Join(key, rest);
            case "leave" -> new Leave(key);
            case "exit" -> new Exit(key, rest);
            case "say" -> new Say(key, rest);
            case "tell" -> {
                int end = rest.indexOf(' ');
                yield new Tell(key, rest.substring(0, end), rest.substring(end + 1));
            }
            default -> throw new IllegalArgumentException("expected an event of a chat but was \"" + line + "\"");
        };
    }
}
