package dev.thrum.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The input and output of a child process: each line is a command of several words, and is answered with one line. */
public final class Commands {
    private Commands() {}

    /** Carries out a command. */
    @FunctionalInterface
    public interface Action {
        /** Returns the answer; what it throws is answered with {@code failed REASON}. */
        String perform(String[] words) throws IOException, InterruptedException;
    }

    /** Answers commands, and ends this process at the end of its input. */
    public static void serve(Action action) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String command = commands.readLine();
        while (command != null) {
            System.out.println(answer(action, command.split(" ", -1)));
            command = commands.readLine();
        }
        Runtime.getRuntime().halt(0);
    }

    private static String answer(Action action, String[] words) {
        try {
            return action.perform(words);
        } catch (InterruptedException e) {
            return "failed expected to measure without an interrupt";
        } catch (IOException | RuntimeException e) {
            // An answer is one line, but a server's text may have several.
            return "failed " + String.valueOf(e.getMessage()).replaceAll("\\R", " / ");
        }
    }
}
