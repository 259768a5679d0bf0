package dev.thrum.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListsUnderWayTest {
    private final ListsUnderWay lists = new ListsUnderWay();

    private Response list(ExchangeScope scope, int bytes) throws Exception {
        return lists.answer(scope, () -> Response.of(200, "text/html", new byte[bytes]));
    }

    @Test
    void longLists_whenTooManyAreUnderWay_areRefusedUntilOneHasEnded() throws Exception {
        List<ExchangeScope> underWay = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            underWay.add(new ExchangeScope());
            var _ = list(underWay.getLast(), 4 << 20);
        }

        ExchangeScope next = new ExchangeScope();
        HttpException refused = catchThrowableOfType(HttpException.class, () -> list(next, 4 << 20));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().first("Retry-After")).hasValue("1");
        assertThat(list(next, 10_000).bodyBytes()).hasSize(10_000);

        underWay.getFirst().end();
        underWay.getFirst().end();
        assertThat(list(next, 4 << 20).bodyBytes()).hasSize(4 << 20);
        assertThat(catchThrowableOfType(HttpException.class, () -> list(next, 4 << 20))
                        .status())
                .as("an exchange that has ended twice gives back once")
                .isEqualTo(503);
    }

    @Test
    void longList_whenCompressed_isGivenBackToo() throws Exception {
        Headers asks = Headers.of("Accept-Encoding", "gzip");
        for (int i = 0; i < 20; i++) {
            Request request = Request.of("GET", "/", asks, new byte[0]);
            Response packed = new Gzip().apply(request, _ -> list(request.scope(), 4 << 20));
            assertThat(packed.headers().first("Content-Encoding")).hasValue("gzip");
            request.scope().end();
        }
    }
}
