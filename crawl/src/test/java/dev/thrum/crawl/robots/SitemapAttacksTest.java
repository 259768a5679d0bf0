package dev.thrum.crawl.robots;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.robots.SitemapReader.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are made to fetch, to expand, to fill the memory, or to take long. */
@Timeout(value = 30, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SitemapAttacksTest {
    private static final String PAGE = "<url><loc>http://a/</loc></url>";

    private static final int SOME_BYTES = 8_000_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE urlset SYSTEM '$'><urlset>PAGE<url><loc>b</loc></url></urlset>",
                "<!DOCTYPE urlset PUBLIC 'x' '$'><urlset>PAGE<url><loc>b</loc></url></urlset>",
                "<!DOCTYPE urlset [<!ENTITY x SYSTEM '$'>]><urlset>PAGE<url><loc>&x;</loc></url></urlset>",
                "<!DOCTYPE urlset [<!ENTITY % x SYSTEM '$'> %x;]><urlset>PAGE<url><loc>b</loc></url></urlset>",
                "<!DOCTYPE urlset [<!ENTITY x 'http://secret/'>]><urlset>PAGE<url><loc>&x;</loc></url></urlset>",
                "<urlset xmlns:xi='http://www.w3.org/2001/XInclude'>PAGE<xi:include href='$'/></urlset>",
                "<urlset xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='x $'>PAGE</urlset>",
                "<?xml-stylesheet href='$'?><urlset>PAGE</urlset>",
            })
    void external_always_isNeitherFetchedNorExpanded(String document) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "<!ENTITY x 'http://secret/'>http://secret/");
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.configureBlocking(false);
            String http = "http://127.0.0.1:" + server.socket().getLocalPort() + "/x";
            for (String target : List.of(http, secret.toUri().toString(), secret.toString())) {
                Collected read = Collected.of(
                        document.replace("$", target).replace("PAGE", PAGE).getBytes(UTF_8));
                assertThat(read.entries()).startsWith("http://a/");
                assertThat(read.entries()).noneMatch(entry -> entry.contains("secret"));
            }
            assertThat(server.accept()).isNull();
        }
    }

    @Test
    void entityBomb_always_isAFaultWhereItIsUsed() {
        StringBuilder document = new StringBuilder("<!DOCTYPE urlset [<!ENTITY e0 'aaaaaaaaaa'>");
        for (int i = 1; i < 30; i++) {
            document.append("<!ENTITY e")
                    .append(i)
                    .append(" '")
                    .append(("&e" + (i - 1) + ";").repeat(10))
                    .append("'>");
        }
        document.append("]><urlset>").append(PAGE).append("<url><loc>&e29;</loc></url></urlset>");
        Collected read = Collected.of(document.toString().getBytes(UTF_8));
        assertThat(read.entries()).containsExactly("http://a/");
        assertThat(read.end().outcome()).isEqualTo(Outcome.FAULTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<urlset>PAGE<!-- |a| ",
                "<urlset>PAGE<!-- |-| ",
                "<urlset>PAGE<url><loc><![CDATA[|a|",
                "<urlset>PAGE<url><loc><![CDATA[|]|",
                "<urlset>PAGE<url><loc>|a|",
                "<urlset>PAGE<url><loc>|&amp;|",
                "<urlset>PAGE<url a='|a|",
                "<urlset>PAGE<url |a='' |",
                "<urlset>PAGE<url |a='b'|",
                "<urlset>PAGE|<a>|",
                "<urlset>PAGE<|a|",
                "<urlset>PAGE<?|a|",
                "<urlset>PAGE|<x/>|",
                "<urlset>PAGE<url>&|a|",
                "<urlset>PAGE<url>&#|0|",
                "<!DOCTYPE urlset [|<!ENTITY x 'y'>|",
                "<!DOCTYPE urlset '|a|",
                "|\n|",
                "|x\n|",
                "http://a/|a|",
                "http://a/\n|\n|",
            })
    void document_ofAnySize_takesLittleMemory(String parts) throws IOException {
        String[] part = parts.replace("PAGE", PAGE).split("\\|", -1);
        long before = liveBytes();
        Repeated repeated = new Repeated(part[1].getBytes(US_ASCII), 2 * SOME_BYTES);
        Collected read = Collected.of(
                new SitemapReader(50_000, SOME_BYTES),
                new SequenceInputStream(new ByteArrayInputStream(part[0].getBytes(US_ASCII)), repeated));
        assertThat(read.entries().size()).isLessThanOrEqualTo(1);
        assertThat(read.end().outcome()).isNotEqualTo(Outcome.COMPLETE);
        assertThat(repeated.liveBytes - before).isLessThan(SOME_BYTES / 8);
    }

    private static long liveBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void gzipBomb_always_isCut() {
        byte[] bomb = Collected.gzip(("http://a/\n" + "\n".repeat(60_000_000)).getBytes(US_ASCII));
        assertThat(bomb.length).isLessThan(100_000);
        Collected read = Collected.of(bomb);
        assertThat(read.entries()).containsExactly("http://a/");
        assertThat(read.end().outcome()).isEqualTo(Outcome.CUT);
        assertThat(Collected.of(Collected.gzip(bomb)).end().outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void emptyMembers_ofGzip_areCut() throws IOException {
        byte[] member = Collected.gzip(new byte[0]);
        Collected read = Collected.of(new SitemapReader(1, SOME_BYTES), new Repeated(member, 2 * SOME_BYTES));
        assertThat(read.end().outcome()).isEqualTo(Outcome.CUT);
    }

    @Test
    void entries_beyondTheLimit_areLeftOut() {
        String document = "<urlset>" + PAGE.repeat(50_000) + "</urlset>";
        Collected whole = Collected.of(document.getBytes(US_ASCII));
        assertThat(whole.end()).isEqualTo(new SitemapReader.End(Outcome.COMPLETE, 50_000, 0, ""));
        Collected cut = Collected.of(("<urlset>" + PAGE.repeat(50_001) + "</urlset>").getBytes(US_ASCII));
        assertThat(cut.end().outcome()).isEqualTo(Outcome.CUT);
        assertThat(cut.entries()).isEqualTo(Collections.nCopies(50_000, "http://a/"));
    }

    /** The same bytes again and again; measures what is alive after the first third of them. */
    private static final class Repeated extends InputStream {
        private final byte[] unit;
        private final int length;
        private int at;
        long liveBytes;

        Repeated(byte[] unit, int length) {
            this.unit = unit;
            this.length = length;
        }

        @Override
        public int read() {
            return at == length ? -1 : unit[at++ % unit.length] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int size) {
            if (at == length) {
                return -1;
            }
            int count = Math.min(size, length - at);
            for (int i = 0; i < count; i++) {
                target[offset + i] = unit[at++ % unit.length];
            }
            if (liveBytes == 0 && at > length / 3) {
                liveBytes = SitemapAttacksTest.liveBytes();
            }
            return count;
        }
    }
}
