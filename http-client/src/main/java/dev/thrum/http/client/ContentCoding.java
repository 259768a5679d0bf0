package dev.thrum.http.client;

import dev.thrum.http.Headers;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The compression of a body (RFC 9110, 8.4).
 *
 * @param decoded the codings that the client decodes, in the order in which they were applied
 * @param left the codings that the body still has when it is read; empty for none
 */
record ContentCoding(List<Coding> decoded, Optional<String> left) {
    /** The value of {@code Accept-Encoding}: what is decoded, and nothing else. */
    static final String ACCEPTED = "gzip, deflate, br, zstd";

    /** More codings in a row are not decoded: nobody needs them, and each costs memory. */
    private static final int MOST = 4;

    private static final ContentCoding NONE = new ContentCoding(List.of(), Optional.empty());

    /** A coding that the client decodes. */
    enum Coding {
        /** RFC 9110, 8.4.1.3. */
        GZIP {
            @Override
            Decoder decoder(RewindableInput in, boolean tolerant) {
                return new Gunzip(in, tolerant);
            }

            @Override
            boolean mayBegin(byte[] first) {
                return begins(first, 0x1f, 0x8b);
            }
        },
        /** RFC 9110, 8.4.1.2. Some servers send the data without the zlib format around it. */
        DEFLATE {
            @Override
            Decoder decoder(RewindableInput in, boolean tolerant) {
                return new Inflate(in, tolerant);
            }
        },
        /** RFC 7932. */
        BROTLI {
            @Override
            Decoder decoder(RewindableInput in, boolean tolerant) {
                return new Brotli(in);
            }
        },
        /** RFC 8878 and RFC 9659. */
        ZSTD {
            @Override
            Decoder decoder(RewindableInput in, boolean tolerant) {
                return new Zstd(in, tolerant);
            }

            @Override
            boolean mayBegin(byte[] first) {
                return begins(first, 0x28, 0xb5, 0x2f, 0xfd)
                        || (first.length > 0
                                && (first[0] & 0xf0) == 0x50
                                && begins(first, first[0] & 0xff, 0x2a, 0x4d, 0x18));
            }
        };

        /** The number of bytes that {@link #mayBegin} looks at, at most. */
        static final int LONGEST_MAGIC = 4;

        /** A decoder of the bytes of a stream, which has at least one. */
        abstract Decoder decoder(RewindableInput in, boolean tolerant);

        /**
         * Whether a body that has this coding can begin with these bytes.
         *
         * @param first fewer than {@link #LONGEST_MAGIC} if the body has no more
         */
        boolean mayBegin(byte[] first) {
            return first.length > 0;
        }

        private static boolean begins(byte[] first, int... magic) {
            for (int i = 0; i < Math.min(first.length, magic.length); i++) {
                if ((first[i] & 0xff) != magic[i]) {
                    return false;
                }
            }
            return first.length > 0;
        }

        private static Optional<Coding> of(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "gzip", "x-gzip" -> Optional.of(GZIP);
                case "deflate" -> Optional.of(DEFLATE);
                case "br" -> Optional.of(BROTLI);
                case "zstd" -> Optional.of(ZSTD);
                default -> Optional.empty();
            };
        }
    }

    static ContentCoding of(Headers headers, boolean decodes) {
        if (!headers.contains("Content-Encoding")) {
            return NONE;
        }
        List<String> names = headers.elements("Content-Encoding").stream()
                .filter(coding -> !coding.equalsIgnoreCase("identity"))
                .toList();
        List<Coding> known =
                names.stream().flatMap(name -> Coding.of(name).stream()).toList();
        if (decodes && known.size() == names.size() && known.size() <= MOST) {
            return new ContentCoding(known, Optional.empty());
        }
        return new ContentCoding(List.of(), names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names)));
    }

    /** The streams from the received bytes to the decoded ones, each reading the one before it. */
    List<DecodedStream> over(InputStream received, boolean tolerant, long limit) {
        if (decoded.isEmpty()) {
            return List.of();
        }
        List<DecodedStream> streams = new ArrayList<>();
        InputStream in = received;
        for (Coding coding : decoded.reversed()) {
            DecodedStream decoding = new DecodedStream(new RewindableInput(in), coding, tolerant, limit);
            streams.add(decoding);
            in = decoding;
        }
        return streams;
    }
}
