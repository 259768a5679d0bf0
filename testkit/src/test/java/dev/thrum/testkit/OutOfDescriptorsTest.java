package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class OutOfDescriptorsTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void listenerPausesLogsOnceAndRecovers_whenDescriptorsRunOut() throws Exception {
        String output = ChildJvm.run("ulimit -n 80", OutOfDescriptors.class);
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("served"))
                .as(output)
                .hasSize(3)
                .containsOnly("served hello");
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("WARNING"))
                .as(output)
                .singleElement()
                .asString()
                .contains("accepting on")
                .contains("pauses: Too many open files");
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("INFO"))
                .as(output)
                .singleElement()
                .asString()
                .contains("again");
        assertThat(output.lines())
                .filteredOn(line -> line.startsWith("SEVERE"))
                .as(output)
                .isEmpty();
        assertThat(output.lines()).last().isEqualTo("end");
    }
}
