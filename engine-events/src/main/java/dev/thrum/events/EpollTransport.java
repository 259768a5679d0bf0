package dev.thrum.events;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Addresses;
import dev.thrum.engine.spi.EngineBackend.Listener;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.engine.spi.Wire;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A transport over Linux's epoll without Netty channels: the connection's owner makes the system calls.
 *
 * @param memory for owners that do not run on a loop
 */
record EpollTransport(LingeringCloses lingering, Memory memory, Clock clock, RestPolicy resting)
        implements Transport<NettyLoop> {
    @Override
    public NettyLoop newLoop(String name, Executor orphans, Reports reports) {
        return new NettyLoop(name, EpollIoHandler.newFactory(), orphans, reports, clock::nanoTime);
    }

    @Override
    public Listener listen(
            InetSocketAddress address, NettyLoop acceptor, Loops<NettyLoop> loops, Consumer<Wire> accepted)
            throws IOException {
        return EpollListener.open(address, acceptor, loops, accepted, this);
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline, NettyLoop loop) throws IOException {
        try {
            EpollWire wire = begun(address, loop);
            try {
                wire.awaitOpen(deadline);
                return wire;
            } catch (IOException | RuntimeException | Error e) {
                wire.reset();
                throw e;
            }
        } catch (ConnectException e) {
            throw Addresses.connecting(address, new ConnectException(NativeErrors.reason(e)));
        }
    }

    private EpollWire begun(InetSocketAddress address, NettyLoop loop) throws IOException {
        Socket socket = newSocket(address);
        try {
            socket.connect(address);
            return new EpollWire(loop, socket, address, null, this);
        } catch (IOException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    static Socket newSocket(InetSocketAddress address) throws IOException {
        try {
            return LinuxSocket.newSocketStream(
                    Addresses.family(address) == StandardProtocolFamily.INET
                            ? SocketProtocolFamily.INET
                            : SocketProtocolFamily.INET6);
        } catch (ChannelException e) {
            throw NativeErrors.opening(e);
        }
    }
}
