package dev.thrum.events.ring;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Socket addresses as the kernel reads and writes them: {@code sockaddr_in} and {@code sockaddr_in6} (ip(7), ipv6(7)). */
final class SocketAddresses {
    /** The size in bytes of the longest. */
    static final int LONGEST = 28;

    private static final int SIZE_4 = 16;
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int PORT = 2;
    private static final int ADDRESS_4 = 4;
    private static final int ADDRESS_6 = 8;
    private static final int SCOPE = 24;

    private SocketAddresses() {}

    static boolean isSix(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    static byte[] encode(InetSocketAddress address) {
        boolean six = isSix(address);
        byte[] bytes = new byte[six ? LONGEST : SIZE_4];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.nativeOrder())
                .putShort(six ? AF_INET6 : AF_INET)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort((short) address.getPort())
                .put(six ? ADDRESS_6 : ADDRESS_4, address.getAddress().getAddress());
        if (address.getAddress() instanceof Inet6Address scoped) {
            ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(SCOPE, scoped.getScopeId());
        }
        return bytes;
    }

    /** Empty if these are the bytes of another family. */
    static Optional<InetSocketAddress> decode(byte[] bytes) {
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(PORT));
        try {
            return switch (fields.getShort(0)) {
                case AF_INET -> {
                    byte[] four = new byte[4];
                    fields.get(ADDRESS_4, four);
                    yield Optional.of(new InetSocketAddress(InetAddress.getByAddress(four), port));
                }
                case AF_INET6 -> {
                    byte[] sixteen = new byte[16];
                    fields.get(ADDRESS_6, sixteen);
                    yield Optional.of(new InetSocketAddress(six(sixteen, fields.getInt(SCOPE)), port));
                }
                default -> Optional.empty();
            };
        } catch (UnknownHostException e) {
            throw new IllegalStateException("expected 4 or 16 bytes", e);
        }
    }

    private static InetAddress six(byte[] bytes, int scope) throws UnknownHostException {
        // An IPv4 client of an IPv6 socket has an IPv4 address to the JDK.
        return scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
    }
}
