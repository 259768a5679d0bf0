package dev.thrum.engine;

import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.ThreadTraits;
import dev.thrum.base.Threads;
import dev.thrum.engine.spi.Addresses;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A UDP server on one address with a thread of its own, independent of any engine.
 *
 * <p>A sender's address can be forged, so a server's replies can be used to flood a third party. Therefore each
 * address gets a limited number of replies per second; further datagrams are dropped silently.
 */
public final class DatagramServer implements AutoCloseable {
    /** The largest UDP payload: that of IPv6, which is 20 bytes more than that of IPv4. */
    private static final int LARGEST = 65_527;

    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final DatagramHandler handler;
    private final ReplyRate rate;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DatagramServer(DatagramChannel channel, DatagramHandler handler, ReplyRate rate) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.handler = handler;
        this.rate = rate;
        this.thread = Threads.daemon("thrum-udp-" + address.getPort(), this::serve);
    }

    /**
     * Serves this address; port 0 picks a free one.
     *
     * @param repliesPerSecond the maximum number of replies to one peer per second
     * @throws java.net.BindException if the address is in use or does not belong to this machine
     */
    public static DatagramServer open(
            InetSocketAddress address, DatagramHandler handler, int repliesPerSecond, Clock clock) throws IOException {
        DatagramChannel channel = DatagramChannel.open(Addresses.family(address));
        try {
            channel.bind(address);
            DatagramServer server = new DatagramServer(channel, handler, new ReplyRate(repliesPerSecond, clock));
            server.thread.start();
            return server;
        } catch (IOException e) {
            channel.close();
            throw Addresses.listening("udp", address, e);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** The address with the actual port. */
    public InetSocketAddress address() {
        return address;
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
        ThreadTraits before = ThreadTraits.ofCurrent();
        while (channel.isOpen()) {
            // An interrupt that the handler or a logger left behind would close the channel.
            before.restore();
            try {
                serveOne(buffer.clear());
            } catch (ClosedChannelException e) {
                if (!closed.get()) {
                    LOG.log(Level.ERROR, "udp " + AddressText.of(address) + " is not served any more", e);
                }
                return;
            } catch (IOException e) {
                // A reply that can't be sent (unreachable peer, full buffer) must not affect other peers.
                LOG.log(Level.DEBUG, "a reply to a datagram could not be sent", e);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "the datagram handler of " + AddressText.of(address) + " failed", e);
            }
        }
    }

    private void serveOne(ByteBuffer buffer) throws IOException {
        if (!(channel.receive(buffer) instanceof InetSocketAddress peer) || !rate.allows(peer.getAddress())) {
            return;
        }
        byte[] payload = new byte[buffer.flip().remaining()];
        buffer.get(payload);
        Optional<byte[]> reply = handler.reply(peer, payload);
        // An interrupt left pending by the handler must not affect the send either.
        boolean _ = Thread.interrupted();
        if (reply.isPresent()) {
            channel.send(ByteBuffer.wrap(reply.get()), peer);
        }
    }

    /** Stops serving and frees the address. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the socket of udp " + AddressText.of(address) + " could not be closed", e);
        }
        Threads.joinUninterruptibly(thread);
    }
}
