package dev.thrum.measure.compare;

import dev.thrum.measure.ProcText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where it was measured.
 *
 * @param started when, in ISO 8601
 * @param cpu the model of the CPU
 * @param cpus how many CPUs the processes may use
 * @param memory the machine's memory, in bytes
 * @param kernel the operating system and its version
 * @param jdk the JVM and its version
 * @param jvmOptions the options of the servers' JVMs
 * @param thrum the version of Thrum
 */
public record Conditions(
        String started,
        String cpu,
        int cpus,
        long memory,
        String kernel,
        String jdk,
        List<String> jvmOptions,
        String thrum) {
    public Conditions {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /**
     * The conditions on this machine, in this JVM's version.
     *
     * @param started when, in ISO 8601
     * @param jvmOptions the options of the servers' JVMs
     * @param thrum the version of Thrum
     * @throws IOException if Linux doesn't say what this machine is
     */
    public static Conditions ofThisMachine(String started, List<String> jvmOptions, String thrum) throws IOException {
        return new Conditions(
                started,
                ProcText.model(Files.readString(Path.of("/proc/cpuinfo"))),
                Runtime.getRuntime().availableProcessors(),
                ProcText.memory(Files.readString(Path.of("/proc/meminfo"))),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                jvmOptions,
                thrum);
    }
}
