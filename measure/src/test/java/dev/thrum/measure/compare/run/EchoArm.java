package dev.thrum.measure.compare.run;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The main class of a server that sends lines back; or fails in the way that its argument names. */
final class EchoArm {
    /** The server works once, and makes the file with this name. When there is one, it dies at the first request. */
    static final String DIES_LATER = "dies:";

    private static final int LINE = 8_192;

    private EchoArm() {}

    public static void main(String[] arguments) throws IOException {
        String how = arguments[0];
        ArmServer arm = ArmServer.begin();
        System.out.println("this is no answer");
        if (how.equals("refuses")) {
            arm.refuse("expected a kernel of this century");
            return;
        }
        boolean dies = how.startsWith(DIES_LATER)
                && !Path.of(how.substring(DIES_LATER.length())).toFile().createNewFile();
        Engine engine = Engine.virtual();
        Limits usual = Limits.defaults();
        Server server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                connection -> {
                    Optional<String> line = connection.reader().readLine(LINE);
                    while (line.isPresent()) {
                        if (dies) {
                            Runtime.getRuntime().halt(3);
                        }
                        connection.writer().write(line.get() + "\n");
                        line = connection.reader().readLine(LINE);
                    }
                },
                usual);
        arm.serve(server.address().getPort(), how.equals("loops") ? () -> Duration.ofMillis(1) : null);
    }
}
