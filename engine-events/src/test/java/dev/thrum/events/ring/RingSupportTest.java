package dev.thrum.events.ring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RingSupportTest {
    private static final String FILTER = "a seccomp filter, such as a container's, forbids it most likely:"
            + " allow io_uring_setup, io_uring_enter and io_uring_register";

    /** EPERM has three reasons, and only one of them can be seen from the outside. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | kernel.io_uring_disabled is 2: set it to 0
            1 | kernel.io_uring_disabled is 1, which leaves it to the group kernel.io_uring_group: join that, or set it to 0
            """)
    void explanation_namesTheSetting_thatForbidsIoUring(String disabled, String reason) {
        assertThat(RingSupport.explain("io_uring_setup", 1, disabled, "6.18.0"))
                .isEqualTo("io_uring_setup was refused (EPERM): " + reason);
    }

    @ParameterizedTest
    @CsvSource({"0", "''"})
    void explanation_namesAFilter_whenTheSettingAllowsIoUring(String disabled) {
        assertThat(RingSupport.explain("io_uring_setup", 1, disabled, "6.18.0"))
                .isEqualTo("io_uring_setup was refused (EPERM): " + FILTER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            22 | EINVAL | 5.15.0-91-generic  | expected Linux 6.1 or newer but this is 5.15.0-91-generic
            22 | EINVAL | 6.0                | expected Linux 6.1 or newer but this is 6.0
            38 | ENOSYS | 4.4.0              | expected Linux 6.1 or newer but this is 4.4.0
            38 | ENOSYS | ?                  | expected Linux 6.1 or newer but this is ?
            """)
    void explanation_namesTheKernel_whenItIsTooOld(int error, String name, String version, String reason) {
        assertThat(RingSupport.explain("io_uring_setup", error, "", version))
                .isEqualTo("io_uring_setup was refused (" + name + "): " + reason);
    }

    @ParameterizedTest
    @CsvSource({"6.1.0", "6.18.3-cloud", "7.0", "10.2.1"})
    void explanation_namesAFilter_whenTheKernelIsNewEnough(String version) {
        assertThat(RingSupport.explain("io_uring_setup", 38, "0", version))
                .isEqualTo("io_uring_setup was refused (ENOSYS): " + FILTER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            12 | io_uring_setup got no memory (ENOMEM): raise the limit of locked memory (ulimit -l)
            23 | io_uring_setup got no descriptor (ENFILE): raise fs.file-max
            24 | io_uring_setup got no descriptor (EMFILE): raise the limit of open files (ulimit -n)
            """)
    void explanation_namesTheLimit_thatWasReached(int error, String text) {
        assertThat(RingSupport.explain("io_uring_setup", error, "0", "6.18.0")).isEqualTo(text);
    }

    @Test
    void explanation_hasTheWordsOfTheSystem_whenTheErrorHasNoRemedy() {
        Rings.needed();
        assertThat(RingSupport.explain("io_uring_enter", 5, "0", "6.18.0"))
                .isEqualTo("io_uring_enter failed: Input/output error");
    }

    /** As on a new kernel and as on one before 6.17, which knows no limit. */
    @ParameterizedTest
    @CsvSource({"32768", "0"})
    void receive_getsBytesOfASocket_withALimitOrOnce(int limit) throws Exception {
        Rings.needed();
        int[] pair = Kernel.socketPair();
        Ring ring = Ring.open(4);
        try {
            int count = RingSupport.receive(ring, pair, limit);
            assertThat(count).isIn(limit == 0 || RingSupport.limitsReceives() ? 8 : -22);
        } finally {
            ring.close();
            Kernel.close(pair[0]);
            Kernel.close(pair[1]);
        }
    }
}
