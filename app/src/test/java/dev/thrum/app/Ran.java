package dev.thrum.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** The result of a command that was run in this JVM. */
public record Ran(int status, String out, String err) {
    public static Ran of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(arguments, environment, new PrintWriter(out), new PrintWriter(err));
        return new Ran(status, out.toString(), err.toString());
    }

    /** Runs a command without variables. */
    public static Ran of(String... arguments) {
        return of(Map.of(), arguments);
    }

    /** Without spaces in lists, so that a list of values is one word. */
    public Ran withoutBlanksInLists() {
        return new Ran(status, out.replace(", ", ","), err);
    }
}
