package dev.thrum.testkit;

import dev.thrum.engine.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class OutOfDescriptorsTest {
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            OutOfDescriptors.play(Engine.virtual());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void listener_pausesLogsOnceAndRecovers_whenDescriptorsRunOut() throws Exception {
        String output = ChildJvm.run("ulimit -n 80", Program.class);
        OutOfDescriptors.verify(output);
    }
}
