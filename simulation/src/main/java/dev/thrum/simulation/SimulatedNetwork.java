package dev.thrum.simulation;

import dev.thrum.base.AddressText;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import dev.thrum.simulation.Faults.Direction;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The listeners and connections of a simulated world, which is one machine. Owned by the simulation's thread. */
final class SimulatedNetwork {
    private static final int FIRST_FREE_PORT = 49_152;
    private static final int LAST_PORT = 65_535;

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final Faults faults;
    private final Trace trace;
    private final SimulatedRests rests;
    private final Map<Integer, Binding> bindings = new HashMap<>();
    private int nextPort = LAST_PORT;
    private int connections;

    SimulatedNetwork(Scheduler scheduler, RandomGenerator random, Faults faults, Trace trace, SimulatedRests rests) {
        this.rests = rests;
        this.scheduler = scheduler;
        this.random = random;
        this.faults = faults;
        this.trace = trace;
    }

    EngineBackend.Listener listen(InetSocketAddress wanted, Consumer<Wire> accepted) throws IOException {
        InetSocketAddress address =
                wanted.getPort() == 0 ? new InetSocketAddress(wanted.getAddress(), freePort()) : wanted;
        Binding binding = new Binding(address, accepted);
        if (bindings.putIfAbsent(address.getPort(), binding) != null) {
            throw new BindException("cannot listen on " + AddressText.of(address) + ": Address already in use");
        }
        return binding;
    }

    Wire connect(InetSocketAddress address, long deadline) throws IOException {
        Thread caller = Scheduler.inside();
        int number = ++connections;
        Link link = new Link(number, address);
        Attempt attempt = new Attempt();
        long arrival = link.toServer.arrival();
        scheduler.at(arrival, () -> {
            if (attempt.abandoned) {
                return;
            }
            attempt.server = Optional.ofNullable(bindings.get(address.getPort()));
            attempt.decided = true;
            attempt.server.ifPresent(binding -> {
                trace.add("connection " + number + " to port " + address.getPort() + " opens");
                binding.accepted.accept(link.serverEnd);
            });
            LockSupport.unpark(caller);
        });
        await(attempt, deadline);
        if (attempt.server.isEmpty()) {
            throw new ConnectException("cannot connect to " + AddressText.of(address) + ": Connection refused");
        }
        return link.clientEnd;
    }

    private void await(Attempt attempt, long deadline) throws IOException {
        long start = scheduler.nanoTime();
        Thread caller = Scheduler.inside();
        var alarm = scheduler.at(deadline, () -> LockSupport.unpark(caller));
        try {
            while (!attempt.decided) {
                if (scheduler.nanoTime() >= deadline) {
                    throw new DeadlineException(
                            DeadlineException.Kind.CONNECT, Duration.ofNanos(scheduler.nanoTime() - start));
                }
                LockSupport.park(this);
                if (caller.isInterrupted() && !attempt.decided) {
                    throw new ClosedByInterruptException();
                }
            }
        } finally {
            attempt.abandoned = !attempt.decided;
            alarm.cancel();
        }
    }

    /**
     * The next port of the dynamic range (RFC 6335, section 6) without a listener; after the last port it starts
     * again.
     */
    private int freePort() {
        do {
            nextPort = nextPort == LAST_PORT ? FIRST_FREE_PORT : nextPort + 1;
        } while (bindings.containsKey(nextPort));
        return nextPort;
    }

    /** A connection that is being opened. Owned by the simulation's thread. */
    private static final class Attempt {
        private boolean abandoned;
        private boolean decided;
        private Optional<Binding> server = Optional.empty();
    }

    /** A link: two pipes and their ends. */
    private final class Link {
        private final Pipe toServer;
        private final Pipe toClient;
        private final SimulatedWire serverEnd;
        private final SimulatedWire clientEnd;

        Link(int number, InetSocketAddress server) {
            toServer = pipe(number, Direction.TO_SERVER);
            toClient = pipe(number, Direction.TO_CLIENT);
            InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
            serverEnd = new SimulatedWire(scheduler, server, client, toServer, toClient, rests);
            clientEnd = new SimulatedWire(scheduler, client, server, toClient, toServer, rests);
        }

        private Pipe pipe(int number, Direction direction) {
            String name = "connection " + number + (direction == Direction.TO_SERVER ? " to server" : " to client");
            LinkFaults drawn = faults.of(number, direction, random);
            return new Pipe(scheduler, random, drawn, name, trace, this::reset);
        }

        private void reset() {
            serverEnd.breakBoth();
        }
    }

    private final class Binding implements EngineBackend.Listener {
        private final InetSocketAddress address;
        private final Consumer<Wire> accepted;

        Binding(InetSocketAddress address, Consumer<Wire> accepted) {
            this.address = address;
            this.accepted = accepted;
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public void close() {
            bindings.remove(address.getPort(), this);
        }
    }
}
