package dev.thrum.measure.compare;

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
}
