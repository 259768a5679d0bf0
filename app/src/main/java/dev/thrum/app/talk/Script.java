package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.Printable;
import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The script that clients run, all at once and each on its own connection: print the greeting, send each message and
 * print its reply, then end and print the rest.
 *
 * @param goodbye a last message, after which the server closes the connection; without it the client half-closes
 * @param greeting how long to wait for a greeting from the server
 * @param deadline how long to wait for each reply
 */
record Script(List<String> messages, Optional<String> goodbye, Framing framing, Duration greeting, Duration deadline) {
    private static final Duration GLANCE = Duration.ofMillis(5);

    Script {
        messages = List.copyOf(messages);
    }

    /**
     * Runs this number of clients.
     *
     * @throws CommandException if a client failed; the message has the reason of each
     */
    void run(Opening opening, int clients, PrintWriter out) throws CommandException {
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            String name = "Client " + i;
            all.add(() -> {
                converse(opening, name, out);
                return null;
            });
        }
        Set<String> failures = new LinkedHashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> client : threads.invokeAll(all)) {
                failure(client).ifPresent(failures::add);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted");
        }
        if (!failures.isEmpty()) {
            throw new CommandException(String.join("; ", failures));
        }
    }

    private static Optional<String> failure(Future<Void> client) throws InterruptedException {
        try {
            client.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException failure) {
                return Optional.of(String.valueOf(failure.getMessage()));
            }
            throw new IllegalStateException("a scripted client failed", e.getCause());
        }
    }

    private void converse(Opening opening, String name, PrintWriter out) throws CommandException, InterruptedException {
        try (Connection connection = opening.open()) {
            greet(connection).ifPresent(text -> print(out, name, text));
            for (String message : messages) {
                send(connection, message);
                print(out, name, reply(connection, message));
            }
            end(connection);
            Optional<String> rest = next(connection);
            while (rest.isPresent()) {
                print(out, name, rest.get());
                rest = next(connection);
            }
        } catch (DeadlineException e) {
            throw new CommandException(
                    name + ": " + e.getMessage() + "; wait longer with --deadline TIME, or check what is sent", e);
        } catch (IOException e) {
            throw new CommandException(name + ": the connection broke: " + e.getMessage(), e);
        }
    }

    /** A read that misses its deadline ends the connection's input, so this checks for input before it reads. */
    private Optional<String> greet(Connection connection) throws IOException, InterruptedException {
        long end = connection.clock().nanoTime() + greeting.toNanos();
        while (connection.reader().available() == 0) {
            if (connection.clock().nanoTime() - end >= 0) {
                return Optional.empty();
            }
            connection.clock().sleep(GLANCE);
        }
        return next(connection);
    }

    private void send(Connection connection, String message) throws IOException {
        connection.writer().write(message + framing.terminator());
        connection.writer().flush();
    }

    private String reply(Connection connection, String message) throws IOException {
        connection.reader().deadline(deadline);
        return framing.receive(connection)
                .orElseThrow(() -> new IOException(
                        "expected a reply to \"" + message + "\" but the server closed the connection"));
    }

    private void end(Connection connection) throws IOException {
        if (goodbye.isPresent()) {
            send(connection, goodbye.get());
        } else {
            connection.shutdownOutput();
        }
    }

    private Optional<String> next(Connection connection) throws IOException {
        connection.reader().deadline(deadline);
        return framing.receiveRest(connection);
    }

    private static void print(PrintWriter out, String name, String text) {
        out.println(name + " received: " + Printable.of(text));
    }
}
