package dev.thrum.app.cluster;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.app.cli.StopSignals;
import dev.thrum.app.cluster.LocalCluster.ServerAddresses;
import dev.thrum.app.cluster.MemberProcess.Ended;
import dev.thrum.base.Folders;
import dev.thrum.base.IoWords;
import dev.thrum.base.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code thrum lab cluster}: several servers and crawling processes on this machine. */
@Command(
        name = "cluster",
        description = {
            "Starts a cluster on this machine, to learn and to test with, never for production.",
            "A Kafka broker, PostgreSQL, two servers that share it, and three processes that crawl",
            "a small site together, on free ports; it says what to type. Ctrl-C ends it all.",
            "There is one copy of everything, and there are no passwords.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum lab cluster",
            "  thrum lab cluster --folder cluster                  keeps what it writes",
        })
public final class ClusterCommand implements FlaggedCommand {
    private final Flags files = new Flags("Files:");
    private final Flag<@Nullable String> folder = files.text(
            "--folder",
            "DIR",
            "Write into this folder, which must be new or empty, and keep it (default: a temporary one)");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public List<Flags> flags() {
        return List.of(files);
    }

    @Override
    public Integer call() throws CommandException {
        try (StopSignals signals = StopSignals.install()) {
            String name = folder.value();
            if (name != null) {
                return run(requireEmpty(Flags.folder("--folder", name)), signals);
            }
            Path temporary = Files.createTempDirectory("thrum-cluster");
            try {
                return run(temporary, signals);
            } finally {
                Folders.delete(temporary);
            }
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandException("expected a folder for a cluster but: " + IoWords.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("expected to run a cluster until Ctrl-C but was interrupted", e);
        }
    }

    private static Path requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new IllegalArgumentException(
                            "expected --folder with a new or empty folder but " + folder + " has something in it");
                }
            }
        }
        return folder;
    }

    private int run(Path into, StopSignals signals) throws CommandException, InterruptedException {
        print("starting a broker, a database, two servers and three workers: about 15 s");
        CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
        signals.afterFirst(() -> end.complete(null));
        try (LocalCluster cluster = LocalCluster.start(into, ended -> report(ended, end))) {
            describe(cluster);
            end.join();
            print("ending");
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw new CommandException(IoWords.of(cause == null ? e : cause), e);
        }
        return CommandLine.ExitCode.OK;
    }

    /** Says that a process has ended; the cluster ends with its broker. */
    private void report(Ended ended, CompletableFuture<@Nullable Void> end) {
        if (end.isDone()) {
            return;
        }
        String line = ended.member().name() + " has ended with status " + ended.status()
                + (ended.lastLine().isEmpty() ? "" : ": " + ended.lastLine());
        if (ended.member().name().equals(LocalCluster.SERVICES)) {
            var _ = end.completeExceptionally(
                    new IllegalStateException("expected broker and database to run but " + line));
        } else {
            print(line);
        }
    }

    private void describe(LocalCluster cluster) {
        print("");
        print("A cluster to learn and to test with, never for production: one copy of everything, no passwords.");
        print("");
        print("broker    " + cluster.broker());
        print("database  " + cluster.database());
        int number = 1;
        for (ServerAddresses server : cluster.servers()) {
            print("server " + number++ + "  chat " + server.chat() + ", http://" + server.web() + "/, admin http://"
                    + server.admin() + "/");
        }
        print("site      " + cluster.site().pages() + " pages, from "
                + cluster.site().seeds().getFirst() + " on");
        print("files     " + cluster.folder());
        print("processes "
                + String.join(
                        ", ",
                        cluster.members().stream()
                                .map(member -> member.name() + " " + member.pid())
                                .toList()));
        print("");
        print("In other terminals:");
        cluster.servers().forEach(server -> print("  thrum talk " + server.chat() + "    then: join room"));
        print("  thrum crawl status --queue " + cluster.queue());
        print("  kill -9 " + cluster.members().getLast().pid() + "    a worker: the others take over");
        print("  thrum " + String.join(" ", cluster.crawl("one-more")));
        print("When the workers have finished:");
        print("  thrum crawl merge " + String.join(" ", cluster.workerFolders()) + " --out all");
        print("  thrum search --index all loom");
        print("Ctrl-C ends everything.");
    }

    private void print(String text) {
        PrintWriter out = line().getOut();
        out.println(Printable.of(text));
        out.flush();
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        return spec.commandLine();
    }
}
