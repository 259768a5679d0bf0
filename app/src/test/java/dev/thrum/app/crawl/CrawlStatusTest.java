package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.app.crawl.CrawlStatus.Look;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrawlStatusTest {
    private static String report(String member, double seconds, int pages, String more) {
        return "{\"member\":\"" + member + "\",\"machine\":\"m1\",\"dir\":\"/out/" + member + "\",\"seconds\":"
                + seconds + ",\"pages\":" + pages + ",\"running\":2,\"waiting\":40,\"hosts\":5" + more + "}";
    }

    private static String partitions(String positions) {
        return ",\"partitions\":[" + positions + "]";
    }

    private static String partition(int number, int position) {
        return "{\"partition\":" + number + ",\"position\":" + position + ",\"waiting\":7,\"running\":1,\"known\":30}";
    }

    private static Look look(Map<String, String> notices, long... ends) throws IOException {
        return Look.of(notices, ends);
    }

    @Test
    void lines_showProcessesAndPartitions_withSpeedAndLag() throws IOException {
        String both = partitions(partition(0, 90) + "," + partition(1, 50));
        Look first = look(Map.of("process/a", report("a", 10, 100, both)), 100, 50);
        Look last = look(Map.of("process/a", report("a", 12, 130, both)), 100, 50);

        assertThat(new CrawlStatus(first, last).lines())
                .containsExactly(
                        "goes on: 1 process, 2 partitions, 5 hosts; 130 pages, 15.0 a second; 2 running, 40 waiting; lag 10",
                        "",
                        "process          pages a second running   waiting   hosts partitions  where",
                        "a                  130     15.0       2        40       5          2  m1:/out/a",
                        "",
                        "partition process          known   waiting running       lag",
                        "        0 a                   30         7       1        10",
                        "        1 a                   30         7       1         0");
    }

    @Test
    void whatIsStuck_isSaid() throws IOException {
        String killed = report("killed", 7, 50, partitions(partition(1, 5)));
        String left = report("left", 3, 20, ",\"left\":true" + partitions(partition(1, 5)));
        String slow = partitions(partition(0, 9)) + ",\"slowest\":[\"http://a.example waits 84 s more\"]";
        Look first = look(
                Map.of("process/killed", killed, "process/left", left, "process/on", report("on", 1, 1, slow)),
                9,
                9,
                0);
        Look last = look(
                Map.of("process/killed", killed, "process/left", left, "process/on", report("on", 3, 1, slow)),
                9,
                9,
                0);

        List<String> lines = new CrawlStatus(first, last).lines();

        assertThat(lines.getFirst()).startsWith("goes on: 1 process, 3 partitions, 5 hosts; 71 pages, 0.0 a second;");
        assertThat(lines)
                .endsWith(
                        "",
                        "process killed on m1:/out/killed does not report: it has ended or hangs, and others take its"
                                + " partitions over",
                        "no process has partition 1: that lasts some seconds after one was killed; otherwise start one",
                        "http://a.example waits 84 s more")
                .contains("        1 -");
    }

    @Test
    void crawlThatHasEnded_isNotStuck() throws IOException {
        Map<String, String> notices = new HashMap<>();
        notices.put("process/a", report("a", 9, 10, ",\"left\":true"));
        notices.put("end", "{}");
        notices.put("options", "whatever");

        List<String> lines = new CrawlStatus(look(notices, 5), look(notices, 5)).lines();

        assertThat(lines.getFirst()).startsWith("has ended: 0 processes, 1 partition, 0 hosts; 10 pages,");
        assertThat(lines).as("nothing else to say").hasSize(1);
    }

    @Test
    void malformedReport_isRefused() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> look(Map.of("process/a", "{"), 1))
                .withMessageStartingWith("expected the report of a process but it is malformed: ");
    }
}
