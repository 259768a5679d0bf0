package dev.thrum.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class IsolationTest {
    @Test
    void run_isTheSame_whenTheCodeKeepsStateInStaticFields() {
        Trial trial = Trial.of(Counts.class).withTrace();

        assertThat(trial.run(5)).isEqualTo(trial.run(5));
        assertThat(trial.run(6).trace()).contains("run 1");
        assertThat(Counts.runs).isZero();
    }

    /** Loaded again for each run, so each run is the first for its class. */
    static final class Counts implements Scenario {
        private static int runs;

        @Override
        public void run(Simulation world) {
            runs++;
            world.note("run " + runs);
        }
    }

    @Test
    void classesOfTheJdk_areShared_whateverTheirPackage() {
        assertThat(Trial.of(UsesXml.class).run(1).seed()).isEqualTo(1);
    }

    static final class UsesXml implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            Document document = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .newDocument();
            assertThat(document).isInstanceOf(org.w3c.dom.Node.class);
        }
    }
}
