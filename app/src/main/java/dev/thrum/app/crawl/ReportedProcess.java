package dev.thrum.app.crawl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a process that crawls together with others says of itself.
 *
 * @param member its name
 * @param machine on which it runs
 * @param folder that it writes to
 * @param seconds since it began, by its own clock
 * @param left whether it has ended by itself
 * @param slowest what it says of the hosts that wait longest
 */
record ReportedProcess(
        String member,
        String machine,
        String folder,
        double seconds,
        Counts counts,
        boolean left,
        List<Partition> partitions,
        List<String> slowest) {
    /** What it has done since it began, and what there is to do; {@code hosts} have URLs that wait. */
    record Counts(long pages, long errors, long duplicates, long running, long waiting, long hosts) {}

    /**
     * A partition that it has.
     *
     * @param position up to which it has read what was found
     */
    record Partition(int number, long position, long waiting, long running, long known) {}

    /**
     * Reads a report.
     *
     * @throws IOException if it is none
     */
    static ReportedProcess parse(String json) throws IOException {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            List<Partition> partitions = new ArrayList<>();
            for (JsonNode each : root.path("partitions")) {
                partitions.add(new Partition(
                        each.path("partition").asInt(),
                        each.path("position").asLong(0),
                        each.path("waiting").asLong(0),
                        each.path("running").asLong(0),
                        each.path("known").asLong(0)));
            }
            List<String> slowest = new ArrayList<>();
            root.path("slowest").forEach(host -> slowest.add(host.asString("")));
            return new ReportedProcess(
                    root.path("member").asString(""),
                    root.path("machine").asString(""),
                    root.path("dir").asString(""),
                    root.path("seconds").asDouble(0),
                    new Counts(
                            root.path("pages").asLong(0),
                            root.path("errors").asLong(0),
                            root.path("duplicates").asLong(0),
                            root.path("running").asLong(0),
                            root.path("waiting").asLong(0),
                            root.path("hosts").asLong(0)),
                    root.path("left").asBoolean(false),
                    partitions,
                    slowest);
        } catch (JacksonException e) {
            throw new IOException("expected the report of a process but it is malformed: " + e.getOriginalMessage(), e);
        }
    }
}
