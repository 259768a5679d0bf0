package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class IoWordsTest {
    @Test
    void fileError_isSaidInWords() {
        assertThat(IoWords.of(new AccessDeniedException("/a"))).isEqualTo("this user may not do that");
        assertThat(IoWords.of(new NoSuchFileException("/a"))).isEqualTo("there is no /a");
        assertThat(IoWords.of(new FileSystemException("/a", null, "Too many open files")))
                .isEqualTo("Too many open files");
    }

    @Test
    void anyError_isItsMessage_orItsClassIfItHasNone() {
        assertThat(IoWords.of((Throwable) new NoSuchFileException("/a"))).isEqualTo("there is no /a");
        assertThat(IoWords.of(new IllegalStateException("no luck"))).isEqualTo("no luck");
        assertThat(IoWords.of(new IllegalStateException(" "))).isEqualTo("IllegalStateException");
        assertThat(IoWords.of(new StackOverflowError())).isEqualTo("StackOverflowError");
        assertThat(IoWords.of(new IOException())).isEqualTo("it failed without a reason");
    }
}
