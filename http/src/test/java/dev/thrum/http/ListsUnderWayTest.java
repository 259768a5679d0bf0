package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListsUnderWayTest {
    private final ListsUnderWay lists = new ListsUnderWay();

    private Response list(int bytes) throws Exception {
        return lists.answer(() -> Response.of(200, "text/html", new byte[bytes]));
    }

    @Test
    void longLists_whenTooManyAreUnderWay_areRefusedUntilOneHasEnded() throws Exception {
        List<Response> underWay = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            underWay.add(list(4 << 20));
        }

        HttpException refused = catchThrowableOfType(HttpException.class, () -> list(4 << 20));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().first("Retry-After")).hasValue("1");
        assertThat(list(10_000).bodyBytes()).hasSize(10_000);

        underWay.getFirst().ended(false);
        underWay.getFirst().ended(true);
        assertThat(list(4 << 20).bodyBytes()).hasSize(4 << 20);
        assertThat(catchThrowableOfType(HttpException.class, () -> list(4 << 20))
                        .status())
                .as("an answer that has ended twice gives back once")
                .isEqualTo(503);
    }

    @Test
    void longList_whenCompressed_isGivenBackToo() throws Exception {
        Headers asks = Headers.of("Accept-Encoding", "gzip");
        Request request = Request.of("GET", "/", asks, new byte[0]);
        for (int i = 0; i < 20; i++) {
            Response packed = new Gzip().apply(request, _ -> list(4 << 20));
            assertThat(packed.headers().first("Content-Encoding")).hasValue("gzip");
            packed.ended(false);
        }
    }
}
