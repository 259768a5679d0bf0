package dev.thrum.events;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the contract in a JVM of its own, where virtual threads can't be given a scheduler, and prints the totals. */
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

    private static EngineUnderTest engine(TransportKind transport) {
        return EngineUnderTest.real(EventEngine.open(EventOptions.defaults().withTransport(transport)));
    }

    public static void main(String[] args) {
        Class<?> contract = args[0].equals("EPOLL") ? OnEpoll.class : OnNio.class;
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(contract))
                        .build(),
                listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        summary.printFailuresTo(out, 20);
        out.printf(
                "passed: %d, failed: %d, all: %d, carried: %d%n",
                summary.getTestsSucceededCount(),
                summary.getTotalFailureCount(),
                summary.getTestsFoundCount(),
                CustomScheduler.problem().isPresent() ? 0 : summary.getTestsFoundCount());
        System.exit(0);
    }
}
