package dev.thrum.lab.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Traces keep the rules of the Trace Event Format (Google, 2016). */
final class ChromeTraceTest {
    /** The members that each phase must have, besides its name and process. */
    private static final Map<String, Set<String>> MEMBERS = Map.of(
            "M", Set.of("tid", "args"),
            "X", Set.of("ts", "dur", "tid", "cat"),
            "C", Set.of("ts", "args"),
            "s", Set.of("ts", "tid", "id", "cat"),
            "f", Set.of("ts", "tid", "id", "cat", "bp"));

    static List<Class<? extends Program>> programs() {
        return Programs.WRONG;
    }

    private static List<JsonNode> events(Class<? extends Program> program) {
        JsonNode trace = JsonMapper.shared().readTree(Programs.picture(program).trace());
        return trace.get("traceEvents").valueStream().toList();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void events_haveTheMembersOfTheirPhase(Class<? extends Program> program) {
        List<JsonNode> events = events(program);

        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(event.get("name").isString()).isTrue();
            assertThat(event.get("pid").isInt()).isTrue();
            assertThat(event.propertyNames())
                    .containsAll(MEMBERS.get(event.get("ph").asString()));
            for (String number : List.of("ts", "dur", "tid", "id")) {
                assertThat(event.path(number).asLong(0)).isNotNegative();
            }
        });
        Set<Integer> named = new HashSet<>();
        events.stream()
                .filter(event -> event.get("name").asString().equals("thread_name"))
                .forEach(event -> named.add(event.get("tid").asInt()));
        assertThat(events)
                .filteredOn(event -> event.get("ph").asString().equals("X"))
                .allSatisfy(event -> assertThat(named).contains(event.get("tid").asInt()));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void eventsOfATrack_comeOneAfterTheOther(Class<? extends Program> program) {
        Map<Integer, Long> ends = new HashMap<>();
        events(program).stream()
                .filter(event -> event.get("ph").asString().equals("X"))
                .forEach(event -> {
                    int track = event.get("tid").asInt();
                    long start = event.get("ts").asLong();
                    assertThat(start).isGreaterThanOrEqualTo(ends.getOrDefault(track, 0L));
                    assertThat(event.get("dur").asLong()).isPositive();
                    ends.put(track, start + event.get("dur").asLong());
                });
    }

    @ParameterizedTest
    @MethodSource("programs")
    void arrows_haveTwoEnds_eachWithinAnEvent_andGoForward(Class<? extends Program> program) {
        List<JsonNode> events = events(program);
        Map<Integer, List<JsonNode>> arrows = new HashMap<>();
        events.stream()
                .filter(event -> "sf".contains(event.get("ph").asString()))
                .forEach(event -> arrows.computeIfAbsent(event.get("id").asInt(), _ -> new ArrayList<>())
                        .add(event));

        assertThat(arrows.values()).allSatisfy(ends -> {
            assertThat(ends).extracting(end -> end.get("ph").asString()).containsExactly("s", "f");
            assertThat(ends.get(0).get("name")).isEqualTo(ends.get(1).get("name"));
            assertThat(ends.get(0).get("ts").asLong())
                    .isLessThan(ends.get(1).get("ts").asLong());
            assertThat(ends.get(1).get("bp").asString()).isEqualTo("e");
            assertThat(ends)
                    .allSatisfy(end -> assertThat(events)
                            .anyMatch(event -> event.get("ph").asString().equals("X")
                                    && event.get("tid").equals(end.get("tid"))
                                    && event.get("ts").asLong() <= end.get("ts").asLong()
                                    && event.get("ts").asLong()
                                                    + event.get("dur").asLong()
                                            > end.get("ts").asLong()));
        });
    }

    @Test
    void valueAndLock_goByArrowFromThreadToThread() {
        Picture picture = Picture.ofSteps(
                Explorer.of(Programs.Synchronized.class).sample().trace(),
                Programs.caption(Programs.Synchronized.class));
        JsonNode trace = JsonMapper.shared().readTree(picture.trace());

        assertThat(trace.get("traceEvents").valueStream())
                .filteredOn(event -> "sf".contains(event.get("ph").asString()))
                .extracting(event -> event.get("ph").asString() + " "
                        + event.get("cat").asString() + " "
                        + event.get("name").asString())
                .contains("s value count", "f value count", "s hand-over Synchronized", "f hand-over Synchronized");
    }
}
