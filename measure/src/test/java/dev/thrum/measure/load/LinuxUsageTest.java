package dev.thrum.measure.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class LinuxUsageTest {
    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void usage_isReadFromTheFilesOfTheKernel() throws IOException {
        write("proc/stat", "cpu  100 20 30 4000 50 6 7 80 9 10\ncpu0 50 10 15 2000 25 3 3 4 5 5\n");
        write("proc/pressure/cpu", "some avg10=0.00 avg60=0.06 avg300=0.13 total=123456\nfull avg10=0 total=9\n");
        write("proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=77\n");
        write("proc/self/cgroup", "0::/system.slice/load.service\n");
        write("groups/system.slice/load.service/cpu.stat", "usage_usec 5\nnr_throttled 3\nthrottled_usec 4321\n");

        Usage usage = new LinuxUsage(folder.resolve("proc"), folder.resolve("groups")).now();

        assertThat(usage.ticks()).isEqualTo(100 + 20 + 30 + 4_000 + 50 + 6 + 7 + 80);
        assertThat(usage.stolen()).isEqualTo(80);
        assertThat(usage.cpuPressure()).isEqualTo(123_456);
        assertThat(usage.memoryPressure()).isEqualTo(77);
        assertThat(usage.throttled()).isEqualTo(4_321);
        assertThat(usage.process()).isPositive();
        assertThat(usage.thread()).isPositive();
    }

    /** Containers have no control group of their own in the path, and some kernels have no pressure. */
    @Test
    void files_thatAreMissing_countAsNothing() throws IOException {
        write("groups/cpu.stat", "throttled_usec 12\n");

        Usage usage = new LinuxUsage(folder.resolve("proc"), folder.resolve("groups")).now();

        assertThat(usage.ticks()).isZero();
        assertThat(usage.cpuPressure()).isZero();
        assertThat(usage.throttled()).isEqualTo(12);
    }
}
