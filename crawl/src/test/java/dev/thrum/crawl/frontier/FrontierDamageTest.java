package dev.thrum.crawl.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged files: either they are noticed, or the state is exactly that of the last commit. */
@Timeout(300)
class FrontierDamageTest {
    private static final int SEGMENT_BYTES = 500;
    private static final boolean SOAK = Boolean.getBoolean("thrum.soak");

    private Session session;
    private MemoryFolder folder;

    /** Several segments, finished URLs without a segment, and a tail that is not committed. */
    @BeforeEach
    void crawl() throws IOException {
        session = Session.create(new Random(11), SEGMENT_BYTES);
        grow();
        session.finishAll();
        session.commit();
        session.commit();
        for (int round = 0; round < 20 && session.folder().names().size() < 5; round++) {
            grow();
        }
        folder = session.folder();
        assertThat(folder.names()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(folder.content(SeenFile.NAME).length).isGreaterThan(100);
        assertThat(session.lastCommitted().in(Expected.State.WAITING)).isNotEmpty();
    }

    private void grow() throws IOException {
        for (int commit = 0; commit < 2; commit++) {
            for (int step = 0; step < 12; step++) {
                session.step();
            }
            session.commit();
        }
    }

    private List<KnownUrl> drain(MemoryFolder opened) throws IOException {
        List<KnownUrl> drained = new ArrayList<>();
        List<Noted> notes = new ArrayList<>();
        try (Frontier frontier = Frontier.open(opened, SEGMENT_BYTES, notes::add)) {
            session.lastCommitted().checkNotes(notes);
            session.lastCommitted().check(frontier);
            for (String host : frontier.hosts().keySet()) {
                frontier.next(host).ifPresent(drained::add);
            }
        }
        return drained;
    }

    /** Opens a damaged folder; true if that is noticed. Otherwise it must be as it was. */
    private boolean isNoticed(MemoryFolder damaged) {
        try {
            List<KnownUrl> drained = drain(damaged);
            assertThat(drained)
                    .allSatisfy(url -> assertThat(session.lastCommitted()
                                    .entry(url.fingerprint())
                                    .known())
                            .isEqualTo(url));
            return false;
        } catch (IOException e) {
            assertThat(e)
                    .hasMessageMatching("(?s)the file .* of the frontier is damaged at byte \\d+: .*; restore .*"
                            + "|expected version 1 of a frontier but .*");
            return true;
        }
    }

    @Test
    void folder_undamaged_isOpened() {
        assertThat(isNoticed(folder.with(SeenFile.NAME, folder.content(SeenFile.NAME))))
                .isFalse();
    }

    @Test
    void byte_changedAnywhereInTheJournal_isNoticed() {
        for (String name : folder.names()) {
            byte[] content = folder.content(name);
            for (int at = 0; at < content.length && !name.equals(CommitFile.NAME); at++) {
                for (int change : new int[] {1, 0x80, 0xff}) {
                    byte[] changed = content.clone();
                    changed[at] = (byte) (changed[at] ^ change);
                    assertThat(isNoticed(folder.with(name, changed)))
                            .as("byte %d of %s", at, name)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void byte_changedAnywhereInTheCommits_isNoticedOrDoesNoHarm() {
        byte[] content = folder.content(CommitFile.NAME);
        int noticed = 0;
        for (int at = 0; at < content.length; at++) {
            if (at >= FileHeader.LENGTH && content[at] == 0 && !SOAK && at % 64 != 0) {
                continue;
            }
            byte[] changed = content.clone();
            changed[at] = (byte) (changed[at] ^ 0x11);
            noticed += isNoticed(folder.with(CommitFile.NAME, changed)) ? 1 : 0;
        }
        assertThat(noticed).isEqualTo(FileHeader.LENGTH);
    }

    @Test
    void file_cutAnywhere_isNoticed() {
        for (String name : folder.names()) {
            byte[] content = folder.content(name);
            int step = name.equals(CommitFile.NAME) ? 1_000 : 1;
            for (int length = 0; length < content.length; length += step) {
                assertThat(isNoticed(folder.with(name, Arrays.copyOf(content, length))))
                        .as("%d bytes of %s", length, name)
                        .isTrue();
            }
        }
    }

    @Test
    void bytes_afterTheCommittedEnd_areCut() throws IOException {
        for (String name : List.of(SeenFile.NAME, lastSegment())) {
            byte[] content = folder.content(name);
            for (int more = 1; more < 200; more += 7) {
                byte[] longer = Arrays.copyOf(content, content.length + more);
                Arrays.fill(longer, content.length, longer.length, (byte) (more * 31));
                MemoryFolder torn = folder.with(name, longer);

                assertThat(isNoticed(torn)).isFalse();
                assertThat(torn.content(name)).isEqualTo(content);
            }
        }
    }

    private String lastSegment() {
        return folder.names().stream()
                .filter(Segment::isName)
                .max(String::compareTo)
                .orElseThrow();
    }

    @Test
    void file_missing_isNoticed() throws IOException {
        for (String name : folder.names()) {
            MemoryFolder without = folder.with(name, folder.content(name));
            without.delete(name);
            assertThatThrownBy(() -> drain(without))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void segments_exchanged_areNoticed() {
        byte[] other = folder.content(lastSegment());
        String name =
                folder.names().stream().filter(Segment::isName).findFirst().orElseThrow();
        assertThat(name).isNotEqualTo(lastSegment());
        assertThat(isNoticed(folder.with(name, other))).isTrue();
    }

    /** A record that was damaged after the frontier was opened. */
    @Test
    void record_damagedLater_failsWhenItIsTaken() throws IOException {
        MemoryFolder opened = folder.with(SeenFile.NAME, folder.content(SeenFile.NAME));
        try (Frontier frontier = Frontier.open(opened, SEGMENT_BYTES, _ -> {})) {
            for (String name : opened.names().stream().filter(Segment::isName).toList()) {
                byte[] zeros = new byte[opened.content(name).length];
                opened.open(name).writeFully(zeros, zeros.length, 0);
            }
            String host = frontier.hosts().keySet().iterator().next();

            assertThatThrownBy(() -> frontier.next(host)).hasMessageContaining("is damaged at byte");

            assertThatThrownBy(() -> frontier.next(host)).isInstanceOf(IllegalStateException.class);
        }
    }
}
