package dev.thrum.crawl.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.crawl.archive.Checkpoint.Position;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Checkpoints as bytes. */
class CheckpointTest {
    private static Checkpoint generated(SplittableRandom random) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Position warc = new Position(random.nextInt(), random.nextBoolean(), random.nextLong(), random.nextLong(), id);
        return new Checkpoint(random.nextLong(), random.nextLong(), random.nextLong(), warc);
    }

    @Test
    void checkpoint_isReadBack_andNeverIfAnyBitIsWrongOrAnyByteMissing() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20; i++) {
            Checkpoint checkpoint = generated(random);
            byte[] encoded = checkpoint.encode();
            assertThat(encoded).hasSizeLessThan(100);
            assertThat(Checkpoint.decode(encoded)).isEqualTo(checkpoint);
            for (int bit = 0; bit < encoded.length * Byte.SIZE; bit++) {
                byte[] damaged = encoded.clone();
                damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> Checkpoint.decode(damaged));
            }
            for (int length = 0; length <= encoded.length + 1; length++) {
                byte[] other = Arrays.copyOf(encoded, length);
                if (length != encoded.length) {
                    assertThatExceptionOfType(IOException.class).isThrownBy(() -> Checkpoint.decode(other));
                }
            }
        }
    }

    @Test
    void otherVersion_isNamed() {
        byte[] other = Checkpoint.NOTHING.encode();
        other[0] = 2;
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Checkpoint.decode(other))
                .withMessage("expected a checkpoint of the outputs of version 1 but was 2:"
                        + " resume with the release that has begun the crawl");
    }
}
