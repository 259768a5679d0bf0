package dev.thrum.events;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the contract in a JVM of its own, where virtual threads can't be given a scheduler, for example, and prints the totals. Arguments:
 * the transport, and names of tests with files, if not all are to run.
 */
final class HandedOver {
    private HandedOver() {}

    static final class OnEpoll implements EngineContract {
        @Override
        public EngineUnderTest engineUnderTest() {
            return engine(TransportKind.EPOLL);
        }
    }

    static final class OnNio implements EngineContract {
        @Override
        public EngineUnderTest engineUnderTest() {
            return engine(TransportKind.NIO);
        }
    }

    static final class OnRing implements EngineContract {
        @Override
        public EngineUnderTest engineUnderTest() {
            return engine(TransportKind.IO_URING);
        }
    }

    private static EngineUnderTest engine(TransportKind transport) {
        return EngineUnderTest.real(EventEngine.open(EventOptions.defaults().withTransport(transport)));
    }

    public static void main(String[] args) throws IOException {
        Class<?> contract = switch (TransportKind.valueOf(args[0])) {
            case EPOLL -> OnEpoll.class;
            case IO_URING -> OnRing.class;
            case NIO -> OnNio.class;
        };
        List<DiscoverySelector> tests = args.length == 1
                ? List.of(selectClass(contract))
                : Stream.of(args).skip(1).map(name -> test(contract, name)).toList();
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request().selectors(tests).build(), listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        summary.printFailuresTo(out, 20);
        out.printf(
                "passed: %d, failed: %d, all: %d, carried: %d%n",
                summary.getTestsSucceededCount(),
                summary.getTotalFailureCount(),
                summary.getTestsFoundCount(),
                CustomScheduler.problem().isPresent() ? 0 : summary.getTestsFoundCount());
        try (FileChannel file = FileChannel.open(Path.of(System.getProperty("java.home"), "release"))) {
            out.println("sendfile: " + SendFile.sends(file));
        }
        System.exit(0);
    }

    private static DiscoverySelector test(Class<?> contract, String name) {
        return selectMethod(contract, name, Path.class);
    }
}
