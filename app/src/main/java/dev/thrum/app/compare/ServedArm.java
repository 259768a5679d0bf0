package dev.thrum.app.compare;

import dev.thrum.base.IoWords;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.measure.compare.run.ArmServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The main class of the process of a server that is measured. */
final class ServedArm {
    /** The connections that may wait for a worker of engine {@code threads}; as many as there can be connections. */
    private static final int WAITING = 10_000;

    private static final String HANDLER = "handler";

    private ServedArm() {}

    /** The limits of every server: those of {@code thrum serve}, but all connections may come from this machine. */
    static Limits limits() {
        Limits usual = Limits.defaults();
        return usual.withMaxPerPeer(usual.maxConnections());
    }

    /** The main class and its arguments for a workload; {@code folder} is for its data. */
    static List<String> main(EngineChoice engine, int workers, int port, Workload workload, Path folder) {
        return List.of(
                ServedArm.class.getName(),
                engine.name(),
                Integer.toString(workers),
                Integer.toString(port),
                workload.toString(),
                folder.toString());
    }

    /** The same for a handler of the user's. */
    static List<String> main(EngineChoice engine, int workers, int port, String handler, List<Path> jars) {
        List<String> words = new ArrayList<>(List.of(
                ServedArm.class.getName(),
                engine.name(),
                Integer.toString(workers),
                Integer.toString(port),
                HANDLER,
                handler));
        jars.forEach(jar -> words.add(jar.toString()));
        return words;
    }

    /** Arguments: those of {@link #main(EngineChoice, int, int, Workload, Path)}, without the class. */
    public static void main(String[] arguments) {
        ArmServer arm = ArmServer.begin();
        try {
            EngineChoice choice = EngineChoice.named(arguments[0]);
            Engine engine = choice.open(Integer.parseInt(arguments[1]), WAITING);
            Server server = engine.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2])),
                    handler(arguments, engine),
                    limits());
            arm.serve(server.address().getPort(), choice.hasLoops() ? engine::lag : null);
        } catch (IOException e) {
            arm.refuse(IoWords.of(e));
        } catch (RuntimeException | LinkageError e) {
            arm.refuse(String.valueOf(e.getMessage()));
        }
        Runtime.getRuntime().halt(1);
    }

    private static ConnectionHandler handler(String[] arguments, Engine engine) throws IOException {
        String kind = arguments[3];
        if (!kind.equals(HANDLER)) {
            return Handlers.of(Workload.named(kind), Path.of(arguments[4]), engine.clock());
        }
        List<Path> jars = new ArrayList<>();
        for (int i = 5; i < arguments.length; i++) {
            jars.add(Path.of(arguments[i]));
        }
        return UserHandler.load(arguments[4], jars).handler();
    }
}
