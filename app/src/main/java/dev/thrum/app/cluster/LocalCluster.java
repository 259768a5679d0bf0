package dev.thrum.app.cluster;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cluster.MemberProcess.Ended;
import dev.thrum.base.IoWords;
import dev.thrum.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processes of a cluster on this machine: a broker and a database in one, servers, and workers that crawl a site in this process. Owned by one
 * thread.
 */
final class LocalCluster implements AutoCloseable {
    /** The name of the process with the broker and the database. */
    static final String SERVICES = "services";

    private static final int SERVERS = 2;
    private static final int WORKERS = 3;

    /** The name of the crawl on the broker. */
    private static final String CRAWL = "site";

    private static final List<String> FLAGS_OF_SERVICES = List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // A broker logs hundreds of lines at its start.
            "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");

    private final Path folder;
    private final Engine engine = Engine.virtual();

    /** In the order of their start; they end in the opposite order. */
    private final List<MemberProcess> members = new ArrayList<>();

    private final List<ServerAddresses> servers = new ArrayList<>();
    private final List<String> workerFolders = new ArrayList<>();
    private final ClusterSite site;
    private String broker = "";
    private String database = "";

    /** Where the services of a server listen: host and port. */
    record ServerAddresses(String chat, String web, String admin) {}

    private LocalCluster(Path folder) throws IOException {
        this.folder = folder;
        this.site = ClusterSite.start(engine);
    }

    /**
     * Starts everything.
     *
     * @param folder for all files
     * @param ended receives each process that ends before the cluster is closed, on any thread
     */
    static LocalCluster start(Path folder, Consumer<Ended> ended) throws CommandException, InterruptedException {
        LocalCluster cluster = open(folder);
        boolean started = false;
        try {
            cluster.startAll();
            for (MemberProcess member : cluster.members) {
                var _ = member.ended().thenAccept(ended);
            }
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    private static LocalCluster open(Path folder) throws CommandException {
        try {
            Files.createDirectories(folder);
            return new LocalCluster(folder);
        } catch (IOException e) {
            throw new CommandException("expected to start a cluster in " + folder + " but: " + IoWords.of(e), e);
        }
    }

    private void startAll() throws CommandException, InterruptedException {
        ClassPaths paths = ClassPaths.find();
        MemberProcess services = start(
                SERVICES,
                Stream.concat(FLAGS_OF_SERVICES.stream(), Stream.of("-cp", paths.services()))
                        .toList(),
                List.of(
                        "dev.thrum.cluster.ClusterProcess",
                        folder.resolve(SERVICES).toString()),
                List.of(Pattern.compile("broker (.+)"), Pattern.compile("database (.+)")));
        broker = services.await(0);
        database = services.await(1);
        List<MemberProcess> begun = new ArrayList<>();
        for (int number = 1; number <= SERVERS; number++) {
            begun.add(startServer(paths, number));
        }
        for (MemberProcess server : begun) {
            servers.add(new ServerAddresses(server.await(0), server.await(1), server.await(2)));
        }
        for (int number = 1; number <= WORKERS; number++) {
            startWorker(paths, number);
        }
    }

    private MemberProcess startServer(ClassPaths paths, int number) throws CommandException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--db", database));
        for (String service : List.of("--chat", "--web", "--admin")) {
            arguments.addAll(List.of(service, "0"));
        }
        for (String service : List.of("--console", "--echo", "--greeter", "--udp-echo", "--udp-time")) {
            arguments.addAll(List.of(service, "off"));
        }
        return startProgram(
                "server-" + number, paths, arguments, List.of(address("chat"), address("web"), address("admin")));
    }

    private static Pattern address(String service) {
        return Pattern.compile(service + " +(\\S+).*");
    }

    private void startWorker(ClassPaths paths, int number) throws CommandException {
        String out = folder.resolve("worker-" + number).toString();
        workerFolders.add(out);
        List<String> arguments = new ArrayList<>(crawl(out));
        var _ = startProgram("worker-" + number, paths, arguments, List.of());
    }

    /** The arguments of a worker that writes to this folder. */
    List<String> crawl(String out) {
        List<String> arguments = new ArrayList<>(List.of("crawl"));
        arguments.addAll(site.seeds());
        arguments.addAll(List.of("--queue", queue(), "--out", out, "--allow-private=127.0.0.0/8", "--delay", "500ms"));
        return arguments;
    }

    private MemberProcess startProgram(String name, ClassPaths paths, List<String> arguments, List<Pattern> lines)
            throws CommandException {
        List<String> flags = new ArrayList<>(MemberProcess.ownFlags());
        flags.addAll(List.of("-cp", paths.program()));
        List<String> main = new ArrayList<>(List.of("dev.thrum.app.AttachedProgram"));
        main.addAll(arguments);
        return start(name, flags, main, lines);
    }

    private MemberProcess start(String name, List<String> flags, List<String> main, List<Pattern> lines)
            throws CommandException {
        MemberProcess member = MemberProcess.start(name, folder, flags, main, lines);
        members.add(member);
        return member;
    }

    /** Where all files are. */
    Path folder() {
        return folder;
    }

    /** The broker's address, host and port. */
    String broker() {
        return broker;
    }

    /** The address of the database, for {@code --db}. */
    String database() {
        return database;
    }

    /** The address of the crawl, for {@code --queue}. */
    String queue() {
        return "kafka://" + broker + "/" + CRAWL;
    }

    List<ServerAddresses> servers() {
        return List.copyOf(servers);
    }

    List<MemberProcess> members() {
        return List.copyOf(members);
    }

    List<String> workerFolders() {
        return List.copyOf(workerFolders);
    }

    ClusterSite site() {
        return site;
    }

    /** Ends the workers and servers, and then what they use. */
    @Override
    public void close() {
        List<MemberProcess> clients = members.isEmpty() ? List.of() : members.subList(1, members.size());
        clients.forEach(MemberProcess::end);
        clients.forEach(MemberProcess::awaitEnd);
        if (!members.isEmpty()) {
            members.getFirst().end();
            members.getFirst().awaitEnd();
        }
        engine.close();
    }
}
