package dev.thrum.lab.scenario;

import dev.thrum.simulation.explore.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A small program that shows one thing about concurrency.
 *
 * @param row its row in the list of systems that Thrum has, from 21 to 30
 * @param name what users type
 * @param title what it shows, in one line
 * @param lesson what happens and why, in a few sentences
 * @param threads the names of its actors, in their order
 * @param variants the same program, with the hazard and without it; empty if it measures
 * @param measurement what it measures instead, if it has no variants
 */
public record LabScenario(
        int row,
        String name,
        String title,
        String lesson,
        List<String> threads,
        List<Variant> variants,
        @Nullable Measurement measurement) {
    public LabScenario {
        threads = List.copyOf(threads);
        variants = List.copyOf(variants);
        if (variants.isEmpty() == (measurement == null)) {
            throw new IllegalArgumentException("expected variants or a measurement but had both or neither: " + name);
        }
    }

    /**
     * One form of a scenario.
     *
     * @param name such as {@code broken}
     * @param program its class, whose constructor has only parameters of type {@code int}
     * @param small the arguments under the explorer
     * @param large the arguments on real threads
     * @param rounds how often it is run on real threads, at most, until its hazard shows
     */
    public record Variant(
            String name, Class<? extends Program> program, List<Integer> small, List<Integer> large, int rounds) {
        /** The names of variants with the hazard and without it. */
        public static final String BROKEN = "broken";

        public static final String FIXED = "fixed";

        public Variant {
            small = List.copyOf(small);
            large = List.copyOf(large);
        }

        /** Whether it compares times, instead of showing a hazard. */
        public boolean isTimed() {
            return !name.equals(BROKEN) && !name.equals(FIXED);
        }

        /** The same with all waits this many times as long. */
        public Variant scaled(double scale) {
            List<Integer> waits = small.stream()
                    .map(millis -> (int) Math.max(1, Math.round(millis * scale)))
                    .toList();
            return new Variant(name, program, waits, waits, rounds);
        }
    }

    /** The variant with this name. */
    public Optional<Variant> variant(String variantName) {
        return variants.stream()
                .filter(variant -> variant.name().equals(variantName))
                .findFirst();
    }

    /** Whether it compares times. */
    public boolean isTimed() {
        return variants.stream().anyMatch(Variant::isTimed);
    }

    /** Whether it has a hazard that an exploration finds. */
    public boolean hasHazard() {
        return variant(Variant.BROKEN).isPresent();
    }

    /** The name of the file that it is in, such as {@code Counter.java}. */
    public String file() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1) + ".java";
    }

    /** The lines of its source. */
    public List<String> source() {
        try (InputStream stream = LabScenario.class.getResourceAsStream(file())) {
            if (stream == null) {
                throw new IllegalStateException("expected " + file() + " next to its class but it is not there");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
