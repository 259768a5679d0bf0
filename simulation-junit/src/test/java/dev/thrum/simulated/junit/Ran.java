package dev.thrum.simulated.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * What JUnit says of the tests of a class.
 *
 * @param results their results
 * @param entries what they have reported besides
 */
record Ran(List<TestExecutionResult> results, List<Map<String, String>> entries) {
    static Ran of(Class<?> test) {
        Ran ran = new Ran(new ArrayList<>(), new ArrayList<>());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(test))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
                if (identifier.isTest()) {
                    ran.results.add(result);
                }
            }

            @Override
            public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
                ran.entries.add(entry.getKeyValuePairs());
            }
        });
        return ran;
    }

    /** The same with a system property. */
    static Ran with(String property, String value, Class<?> test) {
        System.setProperty(property, value);
        try {
            return of(test);
        } finally {
            System.clearProperty(property);
        }
    }

    /** The result of the only test. */
    Status status() {
        return result().getStatus();
    }

    /** What the only test has thrown. */
    Throwable thrown() {
        Optional<Throwable> thrown = result().getThrowable();
        return thrown.orElseThrow(() -> new AssertionError("expected the test to fail"));
    }

    String message() {
        return String.valueOf(thrown().getMessage());
    }

    private TestExecutionResult result() {
        if (results.size() != 1) {
            throw new AssertionError("expected one test but ran " + results);
        }
        return results.getFirst();
    }
}
