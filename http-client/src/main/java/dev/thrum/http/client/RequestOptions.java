package dev.thrum.http.client;

import dev.thrum.http.HttpLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one request has in place of the configuration of its client; null for nothing.
 *
 * @param limits of its response
 * @param total how long its exchange may take
 * @param raw receives its bytes
 * @param decoding which responses are decoded
 */
record RequestOptions(
        @Nullable HttpLimits limits,
        @Nullable Duration total,
        @Nullable RawExchange raw,
        ClientRequest.@Nullable Decoding decoding) {
    static final RequestOptions NONE = new RequestOptions(null, null, null, null);

    RequestOptions withLimits(HttpLimits value) {
        return new RequestOptions(value, total, raw, decoding);
    }

    RequestOptions withTotal(Duration value) {
        return new RequestOptions(limits, value, raw, decoding);
    }

    RequestOptions withRaw(RawExchange value) {
        return new RequestOptions(limits, total, value, decoding);
    }

    RequestOptions withDecoding(ClientRequest.Decoding value) {
        return new RequestOptions(limits, total, raw, value);
    }

    HttpLimits limitsOr(HttpLimits other) {
        return limits == null ? other : limits;
    }

    Duration totalOr(Duration other) {
        return total == null ? other : total;
    }
}
