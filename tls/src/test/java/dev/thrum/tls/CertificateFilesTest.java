package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When files of certificates count as changed, and what happens then. */
final class CertificateFilesTest {
    private static final TestAuthority ROOT = TestAuthority.root("Root");
    private static final CertifiedKey ONE = ROOT.server("one.example");
    private static final CertifiedKey TWO = ROOT.server("two.example");
    private static final CertifiedKey OTHER = ROOT.server("other.example");

    @TempDir
    private Path folder;

    private final SetClock clock = new SetClock(Instant.EPOCH);
    private Path chain = Path.of("");
    private Path key = Path.of("");
    private Path both = Path.of("");
    private CertificateFiles files = new CertificateFiles(List.of(), clock);

    @BeforeEach
    void writeFiles() throws IOException {
        chain = folder.resolve("chain.pem");
        key = folder.resolve("key.pem");
        both = folder.resolve("both.pem");
        write(ONE);
        Files.writeString(both, TestAuthority.pem(OTHER));
        files = new CertificateFiles(
                List.of(new CertificateFiles.Pair(chain, key, null), new CertificateFiles.Pair(both, both, null)),
                clock);
        // Long after the files were written, so that their attributes are enough.
        clock.set(Files.getLastModifiedTime(both).toInstant().plus(Duration.ofHours(1)));
    }

    private void write(CertifiedKey certified) throws IOException {
        Files.writeString(chain, TestAuthority.pem(certified.chain()));
        Files.writeString(key, TestAuthority.pem(certified.key()));
    }

    @Test
    void loadsAllPairsInOrder() throws IOException {
        assertThat(files.load()).containsExactly(ONE, OTHER);
        assertThat(files.changed()).isFalse();
        assertThat(files.check()).isEqualTo(new CertificateFiles.Check.Unchanged());
    }

    @Test
    void newPairIsLoadedOnce() throws IOException {
        files.load();
        write(TWO);
        assertThat(files.changed()).isTrue();
        assertThat(files.check()).isEqualTo(new CertificateFiles.Check.Changed(List.of(TWO, OTHER)));
        assertThat(files.check()).isEqualTo(new CertificateFiles.Check.Unchanged());
    }

    @Test
    void sameContentWrittenAgain_isNoChange() throws IOException {
        files.load();
        write(ONE);
        Files.setLastModifiedTime(chain, FileTime.from(clock.instant().minusSeconds(60)));
        assertThat(files.changed()).isFalse();
        Path copy = Files.copy(chain, folder.resolve("copy.pem"));
        Files.move(copy, chain, StandardCopyOption.REPLACE_EXISTING);
        assertThat(files.changed()).isFalse();
    }

    @Test
    void sameAttributes_areEnoughOnlyForAFileThatWasOldWhenItWasRead() throws IOException {
        Instant written = Instant.parse("2026-06-15T12:00:00Z");
        CertificateFiles coarse = new CertificateFiles(
                List.of(new CertificateFiles.Pair(both, both, null)),
                clock,
                _ -> new CertificateFiles.Stamp(1, FileTime.from(written), null, null));

        clock.set(written.plusSeconds(2));
        assertThat(coarse.load()).containsExactly(OTHER);
        Files.writeString(both, TestAuthority.pem(ONE));
        clock.set(written.plusSeconds(12));
        assertThat(coarse.check()).isEqualTo(new CertificateFiles.Check.Changed(List.of(ONE)));

        // Now it is old, and not read again. A file system that does not change the attributes would deceive this.
        Files.writeString(both, TestAuthority.pem(TWO));
        assertThat(coarse.changed()).isFalse();

        // A file from the future is always read.
        clock.set(written.minusSeconds(100));
        assertThat(coarse.load()).containsExactly(TWO);
        Files.writeString(both, TestAuthority.pem(ONE));
        assertThat(coarse.changed()).isTrue();
    }

    @Test
    void filesThatAreReplacedAllTheTime_giveOnlyPairsThatMatch_andTheLastOneInTheEnd() throws Exception {
        files.load();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 200; i++) {
                try {
                    write(i % 2 == 0 ? ONE : TWO);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        List<CertifiedKey> last = List.of(ONE, OTHER);
        boolean wasAlive;
        do {
            wasAlive = writer.isAlive();
            // A pair that did not match would have thrown.
            if (files.check() instanceof CertificateFiles.Check.Changed(List<CertifiedKey> keys)) {
                last = keys;
            }
        } while (wasAlive);
        assertThat(last).containsExactly(TWO, OTHER);
        assertThat(files.changed()).isFalse();
    }

    @Test
    void replacedByRename_isNoticed_evenWithTheSameTime() throws IOException {
        files.load();
        FileTime time = Files.getLastModifiedTime(chain);
        Path next = Files.writeString(folder.resolve("next.pem"), TestAuthority.pem(TWO.chain()));
        Files.setLastModifiedTime(next, time);
        Files.move(next, chain, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        assertThat(files.changed()).isTrue();
    }

    @Test
    void linkThatPointsElsewhere_isNoticed() throws IOException {
        Path first = Files.writeString(folder.resolve("v1.pem"), TestAuthority.pem(ONE));
        Path second = Files.writeString(folder.resolve("v2.pem"), TestAuthority.pem(TWO));
        Path link = Files.createSymbolicLink(folder.resolve("current.pem"), first);
        CertificateFiles linked = new CertificateFiles(List.of(new CertificateFiles.Pair(link, link, null)), clock);
        assertThat(linked.load()).containsExactly(ONE);
        Files.delete(link);
        Files.createSymbolicLink(link, second);
        assertThat(linked.check()).isEqualTo(new CertificateFiles.Check.Changed(List.of(TWO)));
    }

    @Test
    void pairThatIsHalfReplaced_isReportedOnce_andLoadedWhenItIsWhole() throws IOException {
        files.load();
        Files.writeString(chain, TestAuthority.pem(TWO.chain()));
        assertThat(files.check()).isInstanceOfSatisfying(CertificateFiles.Check.Failed.class, failed -> {
            assertThat(failed.message()).contains("expected the private key of the certificate of two.example");
            assertThat(failed.isNew()).isTrue();
        });
        for (int i = 0; i < 3; i++) {
            assertThat(files.check())
                    .isInstanceOfSatisfying(
                            CertificateFiles.Check.Failed.class,
                            failed -> assertThat(failed.isNew()).isFalse());
        }
        Files.writeString(key, TestAuthority.pem(TWO.key()));
        assertThat(files.check()).isEqualTo(new CertificateFiles.Check.Changed(List.of(TWO, OTHER)));
    }

    @Test
    void anotherFailure_isNewAgain_andSoIsTheSameAfterASuccess() throws IOException {
        files.load();
        Files.writeString(key, "");
        assertThat(isNewFailure()).isTrue();
        assertThat(isNewFailure()).isFalse();
        Files.delete(key);
        assertThat(isNewFailure()).isTrue();
        assertThat(isNewFailure()).isFalse();
        Files.writeString(key, TestAuthority.pem(ONE.key()));
        assertThat(files.check()).isEqualTo(new CertificateFiles.Check.Unchanged());
        Files.delete(key);
        assertThat(isNewFailure()).isTrue();
    }

    private boolean isNewFailure() {
        return files.check() instanceof CertificateFiles.Check.Failed failed && failed.isNew();
    }

    @Test
    void failureAtStart_isThrown() throws IOException {
        Files.writeString(both, TestAuthority.pem(OTHER.chain()));
        assertThatThrownBy(() -> files.load())
                .isInstanceOf(TlsConfigException.class)
                .hasMessageStartingWith("key file " + both + ": expected a private key but was a certificate");
    }

    @Test
    void passwordIsKeptButNotShown() {
        char[] password = "secret".toCharArray();
        assertThat(new CertificateFiles.Pair(chain, key, password).toString())
                .isEqualTo("Pair[" + chain + ", " + key + "]")
                .doesNotContain("secret");
    }
}
